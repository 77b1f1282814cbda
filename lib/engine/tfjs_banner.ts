import * as tf from "@tensorflow/tfjs";

// tfjs's plain JavaScript backend advertises tfjs-node when it is first used under a runtime like Node.
Object.assign(tf.findBackend("cpu") ?? {}, { firstUse: false });
