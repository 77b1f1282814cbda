/**
 * What the page runs: draws every plot from the JSON beside it, and again at the right size when a closed part opens.
 *
 * `window.plotsDrawn` counts what is drawn; a plot that fails keeps its message in its place.
 */
export const reportScript = `
(() => {
  const plots = JSON.parse(document.getElementById("plots").textContent);
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: { format: "svg" } };
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
})();
`;
