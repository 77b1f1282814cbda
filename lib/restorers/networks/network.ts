import type { Params } from "../../core/mod.ts";
import type { Restorer } from "../restorer.ts";

/** A published restorer as the project runs it: its parameters come from a file that the user supplies. */
export interface RestorerNetwork {
  /** What people call it. */
  readonly title: string;
  /** Shape of every parameter, by the names of {@link RestorerNetwork.bind}. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** What a name in a file is called here; names that are unknown stay as they are. */
  readonly rename: (name: string) => string;
  /** Make the restorer of parameters. */
  readonly bind: (params: Params) => Restorer;
  /** How far an output looks, in low-resolution pixels: with that much context a tile equals the whole image. */
  readonly context: number;
  /** Whether {@link RestorerNetwork.context} is all that an output depends on; attention looks at the whole image. */
  readonly exactTiles: boolean;
  /** Least side of an input. */
  readonly minSide: number;
  /** Where the network and its parameters are from. */
  readonly source: string;
}
