import * as tf from "@tensorflow/tfjs";

// tfjs's own slow backend advertises tfjs-node when it is first used under a Node-like runtime.
Object.assign(tf.findBackend("cpu") ?? {}, { firstUse: false });

export { tf };
