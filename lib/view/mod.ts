/** What people see: figures, tables, image strips, the offline report, notebooks and the terminal. @module */
export { type ComparisonLayout, comparisonSvg, saveComparison } from "./comparison/comparison_svg.ts";
export { type Figure, figure } from "./figure.ts";
export type * from "./figure_spec.ts";
export { type Appearance, appearances } from "./figures/appearance.ts";
export { differenceFigure } from "./figures/differences.ts";
export { distortionRealismFigure, type DistortionRealismOptions } from "./figures/distortion_realism.ts";
export { spectraFigure, spectralGapFigure } from "./figures/spectra.ts";
export { type Sweep, sweepFigure, sweepOf } from "./figures/sweep.ts";
export { imageGainsFigure } from "./figures/image_gains.ts";
export { trainingFigures } from "./figures/training.ts";
export { studyFigure } from "./figures/user_study.ts";
export { type Displayable, displayable, displaySymbol, type MediaBundle } from "./jupyter/displayable.ts";
export type { NotebookKernel } from "./jupyter/kernel.ts";
export { finding } from "./jupyter/finding.ts";
export { type LiveDisplay, liveDisplay } from "./jupyter/live.ts";
export { type LiveProgress, liveProgress } from "./jupyter/live_progress.ts";
export { show } from "./jupyter/show.ts";
export { type RunningTask, startTask, type TaskOptions } from "./jupyter/task.ts";
export { shownTable } from "./jupyter/table_display.ts";
export { plotlyFigure, type PlotlyOptions } from "./plotly/figure.ts";
export type { PlotlyFigure, PlotlyTrace } from "./plotly/types.ts";
export { palette } from "./palette.ts";
export {
  type CombinedReport,
  combinedReportHtml,
  type FinishedMeasurement,
  type FinishedRun,
} from "./report/combined_html.ts";
export { reportHtml } from "./report/report_html.ts";
export { type PlotCollector, plotCollector } from "./report/plots.ts";
export type { EmbeddedStrip } from "./report/strip_section.ts";
export { readStrips, writeCombinedReport, writeReport } from "./report/write_report.ts";
export { imageStrip, saveStrip, type Strip, type StripColumn } from "./strips.ts";
export { studyHandler, type StudyHandlerOptions } from "./study/handler.ts";
export { figureRaster, saveFigure } from "./svg/figure_raster.ts";
export { figureSvg } from "./svg/figure_svg.ts";
export type { LetterMode } from "./svg/text.ts";
export { type Cell, cell, type Column, type Row, type Table, type Tone } from "./table.ts";
export { allDirectionsTable } from "./tables/all_directions_table.ts";
export { controlsOf, differenceTable } from "./tables/difference_table.ts";
export { directionTable } from "./tables/direction_table.ts";
export { downstreamTable, studyTable } from "./tables/downstream_tables.ts";
export { evaluationTable, folderComparisonTable, rankAgreementTables } from "./tables/evaluation_tables.ts";
export { metricsTable } from "./tables/metrics_table.ts";
export { offsetTable } from "./tables/offset_table.ts";
export { outlierTable } from "./tables/outlier_table.ts";
export { paperTable } from "./tables/paper_table.ts";
export { catalogueText } from "./terminal/catalogue_text.ts";
export { downstreamText } from "./terminal/downstream_text.ts";
export { evaluationText } from "./terminal/evaluation_text.ts";
export { measurementTableText, measurementText } from "./terminal/measurement_text.ts";
export { progressLine, type ProgressNote, progressText } from "./terminal/progress_line.ts";
export { resultsText } from "./terminal/results_text.ts";
export { type TerminalProgress, terminalProgress, type TerminalTarget } from "./terminal/terminal_progress.ts";
export { tableText, textTable } from "./terminal/text_table.ts";
