/**
 * What the page runs: draws every plot from the JSON beside it, again at the right size when a closed part opens, and hides
 * or shows what a button of a legend names, in all plots beside it.
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
  for (const place of document.querySelectorAll("[data-plot]")) {
    const { data, layout } = plots[place.dataset.plot];
    Plotly.newPlot(place, data, layout, config).then(() => window.plotsDrawn++, (error) => {
      place.textContent = "This plot could not be drawn: " + error.message;
    });
  }
  for (const part of document.querySelectorAll("details")) {
    part.addEventListener("toggle", () => {
      if (part.open) for (const place of part.querySelectorAll("[data-plot]")) Plotly.Plots.resize(place);
    });
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
})();
`;
