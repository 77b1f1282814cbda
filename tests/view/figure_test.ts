import { assert, assertEquals, assertThrows } from "@std/assert";
import { figure, figureRaster, type FigureSpec, figureSvg, plotlyFigure } from "asasr/view/mod.ts";

const spec: FigureSpec = {
  title: "Fidelity & <realism>",
  caption: "A caption.",
  x: { label: "SWD", reversed: true },
  y: { label: "PSNR (dB)" },
  marks: [
    { kind: "line", label: "SFT", x: [1, 2, 3], y: [20, NaN, 18], dots: true, texts: ["28", "8", "4"] },
    { kind: "line", label: "band", x: [1, 2], y: [19, 19], band: { low: [18, 18], high: [20, 20] }, dash: "dash" },
    {
      kind: "points",
      label: "arm",
      x: [2],
      y: [19],
      errorX: [0.1],
      errorY: [{ below: 0.5, above: 0.2 }],
      shape: "star",
    },
    { kind: "bars", label: "bars", x: [1, 2], y: [1, -1], errorY: [0.1, 0.2] },
    { kind: "rule", label: "", axis: "y", at: 0, unlisted: true },
  ],
};

/** Attributes of all elements of a kind. */
function attributes(svg: string, element: string, name: string): string[] {
  return [...svg.matchAll(new RegExp(`<${element}[^>]* ${name}="([^"]*)"`, "g"))].map(([, value]) => value);
}

Deno.test("figureSvg() draws every mark and is well-formed", () => {
  const svg = figureSvg(spec);
  assertEquals(svg, figureSvg(spec));
  assert(svg.includes("Fidelity &amp; &lt;realism&gt;"));
  for (const label of ["SFT", "band", "arm", "bars", "SWD", "PSNR (dB)"]) {
    assert(svg.includes(`>${label}</text>`), label);
  }
  assert(!svg.includes("NaN") && !svg.includes("undefined"));
  const open = svg.match(/<[a-zA-Z][^>]*[^/]>/g)!.length, closed = svg.match(/<\/[a-zA-Z]+>/g)!.length;
  assertEquals(open, closed);
});

Deno.test("figureSvg() puts larger values to the left and up where the axis says so", () => {
  const svg = figureSvg({ ...spec, marks: [{ kind: "points", label: "p", x: [1, 3], y: [10, 20] }] });
  const [x1, x3] = attributes(svg, "circle", "cx").map(Number),
    [y10, y20] = attributes(svg, "circle", "cy").map(Number);
  assert(x3 < x1 && y20 < y10);
});

Deno.test("figureSvg() places values of a log axis by their logarithm", () => {
  const svg = figureSvg({
    ...spec,
    x: { label: "f", scale: "log" },
    marks: [{ kind: "points", label: "p", x: [0.01, 0.1, 1, -1, 0], y: [1, 1, 1, 1, 1] }],
  });
  const [a, b, c] = attributes(svg, "circle", "cx").map(Number);
  assert(Math.abs((b - a) - (c - b)) < 0.02, "equal ratios, equal distances");
  assertEquals(attributes(svg, "circle", "cx").length, 4); // what is not positive is left out; the fourth is the legend's
});

Deno.test("figureRaster() needs no fonts and gives the same pixels again", async () => {
  const [a, b] = [await figureRaster(spec), await figureRaster(spec)];
  assertEquals([a.width, a.height, a.channels], [720, 440, 3]);
  assertEquals(a.data, b.data);
  assert(!figureSvg(spec, "strokes").includes("<text"));
  assert(a.data.filter((value) => value < 0.5).length > 1000);
});

Deno.test("plotlyFigure() is plain JSON of the same marks", () => {
  const plot = plotlyFigure(spec);
  assertEquals(JSON.parse(JSON.stringify(plot)), plot);
  // A band is two traces of its own; a rule is a shape.
  assertEquals(plot.data.map(({ name, type }) => `${name} ${type}`), [
    "SFT scatter",
    "band scatter",
    "band scatter",
    "band scatter",
    "arm scatter",
    "bars bar",
  ]);
  assertEquals(plot.data[0].y, [20, null, 18]);
  assertEquals((plot.layout.shapes as unknown[]).length, 1);
  const { range } = plot.layout.xaxis as { range: [number, number] };
  assert(range[0] > range[1], "the axis is reversed");
  assert("title" in plot.layout && !("title" in plotlyFigure(spec, { labelled: false }).layout));
});

Deno.test("figure() refuses arrays of different lengths", () => {
  const marks = [{ kind: "points" as const, label: "p", x: [1, 2], y: [1] }];
  assertThrows(() => figure({ ...spec, marks }), RangeError, 'Cannot draw "p" as every array needs 2 values');
});

Deno.test("figureSvg() draws nothing at all without failing", () => {
  assert(figureSvg({ ...spec, marks: [] }).endsWith("</svg>"));
  assert(figureSvg({ ...spec, y: { label: "y", scale: "log" }, marks: [] }).endsWith("</svg>"));
});
