/**
 * What the page runs: draws the plots from the JSON beside it, those of a closed part when it opens, hides or shows what a
 * button of a legend names in all plots beside it, and lays two images of a strip over each other.
 *
 * `window.plotsDrawn` counts what is drawn; a plot that fails keeps its message in its place.
 */
export const reportScript = `
(() => {
  const plots = JSON.parse(document.getElementById("plots").textContent);
  const config = { responsive: true, displaylogo: false, displayModeBar: "hover",
    plotlyServerURL: "",
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "sendChartToCloud"], toImageButtonOptions: { format: "svg" } };
  window.plotsDrawn = 0;
  const draw = (place) => {
    if (place.drawn || place.closest("details:not([open])")) return;
    place.drawn = true;
    const { data, layout } = plots[place.dataset.plot];
    Plotly.newPlot(place, data, layout, config).then(() => window.plotsDrawn++, (error) => {
      place.textContent = "This plot could not be drawn: " + error.message;
    });
  };
  document.querySelectorAll("[data-plot]").forEach(draw);
  for (const part of document.querySelectorAll("details")) {
    part.addEventListener("toggle", () => part.querySelectorAll("[data-plot]").forEach(draw));
  }
  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => {
      const visible = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(visible));
      for (const place of button.closest(".gallery").querySelectorAll("[data-plot]")) {
        const named = place.data.flatMap((trace, i) => trace.name === button.dataset.name ? [i] : []);
        if (named.length > 0) Plotly.restyle(place, { visible }, named);
      }
    });
  }
  for (const slider of document.querySelectorAll("[data-slider]")) {
    const strips = JSON.parse(slider.dataset.slider), choices = slider.querySelectorAll("select");
    const canvases = slider.querySelectorAll("canvas"), range = slider.querySelector("input");
    const show = async () => {
      const { id, panes: { left, top, width, height, step } } = strips[choices[0].selectedIndex];
      const image = document.getElementById(id).querySelector("img");
      await image.decode();
      canvases.forEach((canvas, side) => {
        Object.assign(canvas, { width, height });
        canvas.getContext("2d")
          .drawImage(image, left + step * choices[side + 1].selectedIndex, top, width, height, 0, 0, width, height);
      });
    };
    const part = () => canvases[1].style.clipPath = "inset(0 0 0 " + range.value + "%)";
    for (const choice of choices) choice.addEventListener("change", show);
    range.addEventListener("input", part);
    show().then(part);
  }
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();
})();
`;
