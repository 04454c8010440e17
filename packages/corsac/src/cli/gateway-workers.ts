import cluster, { type Worker } from "node:cluster";
import type { DevelopmentAuthority } from "@corsac/gateway";
import { secondSignal, stopSignal } from "./stop-signal.ts";

/** What a worker and the process that started it tell each other. */
type WorkerMessage =
  | { readonly corsac: "failed"; readonly message: string }
  | ({ readonly corsac: "listening" } & WorkerPlace)
  | { readonly corsac: "stop" };

/** Where a worker listens. */
export interface WorkerPlace {
  readonly url: string;
  readonly authority: DevelopmentAuthority | null;
}

/** The way from a worker to the process that started it. */
export interface WorkerChannel {
  listening(place: WorkerPlace): void;
  /** The worker cannot listen. */
  fail(message: string): void;
  /** Resolves when the worker has to stop. */
  readonly stopped: Promise<void>;
  /** Lets the worker end, which the channel keeps alive. To be called when nothing is under way any more. */
  leave(): void;
}

/** In a worker: the way to the primary. Signals of the terminal reach workers as well, and only the primary decides. */
export function workerChannel(): WorkerChannel {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  const send = (message: WorkerMessage): void => void process.send?.(message);
  return {
    listening: (place) => send({ corsac: "listening", ...place }),
    fail: (message) => send({ corsac: "failed", message }),
    stopped: new Promise((settle) => {
      process.on("message", (message: Partial<WorkerMessage>) => {
        if (message.corsac === "stop") settle();
      });
    }),
    leave: () => void cluster.worker?.disconnect(),
  };
}

/** What the primary tells. */
export interface WorkersListener {
  /** The first worker listens; the others will, too. */
  onListening(place: WorkerPlace): void;
  /** All of them are told to stop. */
  onStop(): void;
  complain(line: string): void;
}

/** Milliseconds before a worker takes the place of one that crashed, so that a broken one does not take all the time. */
const restartPause = 1000;

/** Runs the same command in several processes that share a port, until a signal, and returns the exit status. */
export async function runWorkers(count: number, { onListening, onStop, complain }: WorkersListener): Promise<number> {
  let isListening = false;
  let isStopping = false;
  let failure: string | null = null;

  const start = (): void => {
    const worker = cluster.fork();
    worker.on("message", (message: WorkerMessage) => {
      if (message.corsac === "failed") failure ??= message.message;
      if (message.corsac !== "listening" || isListening) return;
      isListening = true;
      onListening(message);
    });
    worker.once("exit", (code, signal) => {
      if (isStopping || failure !== null || !isListening) return;
      complain(`A worker has ended (${signal ?? `status ${code}`}); another takes its place.`);
      setTimeout(() => {
        if (!isStopping) start();
      }, restartPause);
    });
  };
  for (let i = 0; i < count; i++) start();

  await Promise.race([stopSignal(), firstFailure(() => !isListening)]);
  isStopping = true;
  const status = isListening && failure === null ? 0 : 3;
  if (failure !== null) complain(failure);
  if (status === 0) onStop();
  const atOnce = secondSignal();
  await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => stop(worker)));
  atOnce.forget();
  return status;
}

/** Resolves when a worker ends before any has listened. */
function firstFailure(isEarly: () => boolean): Promise<void> {
  return new Promise((settle) => {
    cluster.on("exit", () => {
      if (isEarly()) settle();
    });
  });
}

function stop(worker: Worker | undefined): Promise<void> {
  if (worker === undefined || worker.isDead()) return Promise.resolve();
  return new Promise((settle) => {
    worker.once("exit", () => settle());
    if (worker.isConnected()) worker.send({ corsac: "stop" } satisfies WorkerMessage);
  });
}
