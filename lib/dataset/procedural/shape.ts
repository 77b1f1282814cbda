/** A colour in [0, 1] per channel. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A flat piece of a scene: outline, colour and what varies over it. Lengths in pixels. */
export interface Shape {
  /** `capsule`: a line with round ends. */
  readonly outline: "ellipse" | "rectangle" | "capsule";
  /** Centre. */
  readonly x: number;
  /** Centre. */
  readonly y: number;
  /** Half length along its own axis. */
  readonly a: number;
  /** Half width across. */
  readonly b: number;
  /** Direction of its axis, in radians. */
  readonly angle: number;
  /** Mean colour. */
  readonly colour: Colour;
  /** Stripes, or none. */
  readonly grating: Grating | null;
  /** Brightness at the end of the axis less that at the middle; 0 is flat. */
  readonly shading: number;
}

/** Parallel stripes of equal width. */
export interface Grating {
  /** Length of a period, in pixels. */
  readonly wavelength: number;
  /** Brightness at the crest less the mean. */
  readonly amplitude: number;
  /** Direction of the wave vector, in radians. */
  readonly angle: number;
  /** Of the wave at the origin, in radians. */
  readonly phase: number;
  /** Hard edges instead of a sine. */
  readonly square: boolean;
}
