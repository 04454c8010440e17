import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry, type MetricObject, type Registry } from "prom-client";

/**
 * What workers and their primary tell each other: a worker that it can be asked; the primary that it wants a worker's
 * metrics, and those; a worker that it wants those of all, and their text.
 */
type MetricsMessage = { readonly corsac: "metrics" } & (
  | { readonly kind: "ready" }
  | { readonly kind: "collect" | "question"; readonly number: number }
  | { readonly kind: "part"; readonly number: number; readonly metrics: readonly MetricObject[] }
  | { readonly kind: "answer"; readonly number: number; readonly text: string }
);

function isMetricsMessage(message: unknown): message is MetricsMessage {
  return typeof message === "object" && message !== null && "corsac" in message && message.corsac === "metrics";
}

function tellPrimary(message: MetricsMessage): void {
  process.send?.(message);
}

/** In a worker: lets the metrics of this registry be part of those of all workers. */
export function shareMetrics(registry: Registry): void {
  process.on("message", (message) => {
    if (!isMetricsMessage(message) || message.kind !== "collect") return;
    const { number } = message;
    void registry
      .getMetricsAsJSON()
      .then((metrics) => tellPrimary({ corsac: "metrics", kind: "part", number, metrics: metrics as MetricObject[] }));
  });
  tellPrimary({ corsac: "metrics", kind: "ready" });
}

let lastNumber = 0;
const questions = new Map<number, (text: string) => void>();

/** In a worker: gives the metrics of all workers in the text format of Prometheus. */
export function renderWorkersMetrics(): Promise<string> {
  if (lastNumber === 0) {
    process.on("message", (message) => {
      if (!isMetricsMessage(message) || message.kind !== "answer") return;
      questions.get(message.number)?.(message.text);
      questions.delete(message.number);
    });
  }
  const number = ++lastNumber;
  return new Promise((settle) => {
    questions.set(number, settle);
    tellPrimary({ corsac: "metrics", kind: "question", number });
  });
}

/** Metrics on their way from the workers to one of them. */
interface Collection {
  readonly parts: (readonly MetricObject[])[];
  readonly missing: Set<Worker>;
  finish(): void;
}

/**
 * In the primary: answers workers that ask for the metrics of all.
 *
 * @param patience milliseconds for a worker to send its own; those of one that has none to give are left out
 */
export function answerWorkersMetrics(patience = 2000): void {
  const workers = new Set<Worker>();
  const collections = new Map<number, Collection>();
  let lastCollection = 0;

  function collect(asking: Worker, question: number): void {
    const number = ++lastCollection;
    const timer = setTimeout(() => collections.get(number)?.finish(), patience);
    const collection: Collection = {
      parts: [],
      missing: new Set(workers),
      finish() {
        clearTimeout(timer);
        collections.delete(number);
        const registry = AggregatorRegistry.aggregate(collection.parts as unknown as object[]);
        void registry
          .metrics()
          .then((text) => tell(asking, { corsac: "metrics", kind: "answer", number: question, text }));
      },
    };
    collections.set(number, collection);
    for (const worker of workers) tell(worker, { corsac: "metrics", kind: "collect", number });
  }

  function take(worker: Worker, collection: Collection | undefined, metrics: readonly MetricObject[] | null): void {
    if (collection === undefined || !collection.missing.delete(worker)) return;
    if (metrics !== null) collection.parts.push(metrics);
    if (collection.missing.size === 0) collection.finish();
  }

  cluster.on("message", (worker, message) => {
    if (!isMetricsMessage(message)) return;
    if (message.kind === "ready") workers.add(worker);
    if (message.kind === "question") collect(worker, message.number);
    if (message.kind === "part") take(worker, collections.get(message.number), message.metrics);
  });
  cluster.on("exit", (worker) => {
    workers.delete(worker);
    for (const collection of collections.values()) take(worker, collection, null);
  });
}

function tell(worker: Worker, message: MetricsMessage): void {
  if (worker.isConnected()) worker.send(message);
}
