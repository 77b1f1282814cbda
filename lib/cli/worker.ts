/** A worker that answers one request after the other. Disposing it ends it. */
export interface AskedWorker<Request, Reply> extends Disposable {
  /** Send a request and wait for its reply; one at a time. */
  ask(request: Request): Promise<Reply>;
}

/**
 * Start a worker.
 *
 * @param url Of its module, which answers every message with one.
 */
export function startWorker<Request, Reply>(url: URL): AskedWorker<Request, Reply> {
  const worker = new Worker(url, { type: "module" });
  return {
    ask: (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      worker.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.postMessage(request);
      return promise;
    },
    [Symbol.dispose]: () => worker.terminate(),
  };
}
