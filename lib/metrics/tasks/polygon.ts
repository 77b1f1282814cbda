/** A corner: x, y. */
export type Corner = readonly [x: number, y: number];

/** Area of a simple polygon, whatever its direction. */
export function polygonArea(polygon: readonly Corner[]): number {
  return Math.abs(edgesOf(polygon).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2;
}

/**
 * Area that two simple polygons share; they need not be convex.
 *
 * Exact: between neighbouring heights of corners and crossings no edge crosses another, so the shared width is linear
 * there and its value half way counts.
 */
export function intersectionArea(a: readonly Corner[], b: readonly Corner[]): number {
  const ours = edgesOf(a), theirs = edgesOf(b);
  const crossings = ours.flatMap((edge) => theirs.map((other) => crossingHeight(edge, other)));
  const heights = [...a, ...b].map(([, y]) => y).concat(crossings.filter((y) => y !== undefined)).sort((p, q) => p - q);
  let area = 0;
  for (let i = 1; i < heights.length; i++) {
    const middle = (heights[i] + heights[i - 1]) / 2;
    area += (heights[i] - heights[i - 1]) * sharedLength(spans(ours, middle), spans(theirs, middle));
  }
  return area;
}

/** Whether a polygon has an area and its outline does not cross or touch itself. */
export function isSimple(polygon: readonly Corner[]): boolean {
  const corners = polygon.filter(([x, y], i) => {
    const [beforeX, beforeY] = polygon.at(i - 1)!;
    return x !== beforeX || y !== beforeY;
  });
  if (corners.length < 3 || polygonArea(corners) === 0) return false;
  const edges = edgesOf(corners);
  return edges.every((edge, i) =>
    edges.every((other, j) => {
      const apart = Math.abs(i - j);
      if (apart === 0) return true;
      if (apart > 1 && apart < edges.length - 1) return !touch(edge, other);
      return !foldsBack(apart === 1 === i < j ? [edge, other] : [other, edge]);
    })
  );
}

type Edge = readonly [Corner, Corner];

function edgesOf(polygon: readonly Corner[]): Edge[] {
  return polygon.map((corner, i) => [corner, polygon[(i + 1) % polygon.length]]);
}

/** Where a horizontal line runs inside: pairs of x in order. */
function spans(edges: readonly Edge[], y: number): number[] {
  return edges.filter(([[, p], [, q]]) => p > y !== q > y)
    .map(([[x0, y0], [x1, y1]]) => x0 + (x1 - x0) * (y - y0) / (y1 - y0)).sort((a, b) => a - b);
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  for (let i = 0; i < a.length; i += 2) {
    for (let j = 0; j < b.length; j += 2) {
      length += Math.max(0, Math.min(a[i + 1], b[j + 1]) - Math.max(a[i], b[j]));
    }
  }
  return length;
}

function crossingHeight([p, q]: Edge, [r, s]: Edge): number | undefined {
  const turn = (q[0] - p[0]) * (s[1] - r[1]) - (q[1] - p[1]) * (s[0] - r[0]);
  if (turn === 0) return undefined;
  const t = ((r[0] - p[0]) * (s[1] - r[1]) - (r[1] - p[1]) * (s[0] - r[0])) / turn;
  const u = ((r[0] - p[0]) * (q[1] - p[1]) - (r[1] - p[1]) * (q[0] - p[0])) / turn;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? p[1] + t * (q[1] - p[1]) : undefined;
}

function touch([p, q]: Edge, [r, s]: Edge): boolean {
  const sides = [side(p, q, r), side(p, q, s), side(r, s, p), side(r, s, q)];
  if (sides[0] !== sides[1] && sides[2] !== sides[3]) return true;
  return ([[p, q, r], [p, q, s], [r, s, p], [r, s, q]] as const).some(([a, b, c], i) =>
    sides[i] === 0 && within(a[0], b[0], c[0]) && within(a[1], b[1], c[1])
  );
}

/** Whether the second edge runs back along the first. */
function foldsBack([[p, q], [, s]]: readonly [Edge, Edge]): boolean {
  return side(p, q, s) === 0 && (q[0] - p[0]) * (s[0] - q[0]) + (q[1] - p[1]) * (s[1] - q[1]) < 0;
}

function side(a: Corner, b: Corner, c: Corner): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function within(a: number, b: number, c: number): boolean {
  return c >= Math.min(a, b) && c <= Math.max(a, b);
}
