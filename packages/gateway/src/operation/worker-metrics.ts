import cluster from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";

/** A worker's question for the metrics of all workers, and the answer. */
interface MetricsMessage {
  readonly corsac: "metrics";
  readonly number: number;
  /** Absent in a question. */
  readonly text?: string;
}

function isMetricsMessage(message: unknown): message is MetricsMessage {
  return typeof message === "object" && message !== null && "corsac" in message && message.corsac === "metrics";
}

let lastNumber = 0;
const waiting = new Map<number, (text: string) => void>();

/** In a worker: lets the metrics of this registry be part of those of all workers. */
export function shareMetrics(registry: Registry): void {
  AggregatorRegistry.setRegistries(registry);
  // It answers the primary from now on.
  new AggregatorRegistry();
}

/** In a worker: gives the metrics of all workers in the text format of Prometheus. */
export function renderWorkersMetrics(): Promise<string> {
  if (lastNumber === 0) {
    process.on("message", (message) => {
      if (!isMetricsMessage(message)) return;
      waiting.get(message.number)?.(message.text ?? "");
      waiting.delete(message.number);
    });
  }
  const number = ++lastNumber;
  return new Promise((settle) => {
    waiting.set(number, settle);
    process.send?.({ corsac: "metrics", number } satisfies MetricsMessage);
  });
}

/** In the primary: answers workers that ask for the metrics of all. */
export function answerWorkersMetrics(): void {
  const aggregator = new AggregatorRegistry();
  cluster.on("message", (worker, message) => {
    if (!isMetricsMessage(message)) return;
    const answer = (text: string) => worker.send({ corsac: "metrics", number: message.number, text });
    // A worker that is starting or stopping may not answer: better no metrics than those of a few.
    void aggregator.clusterMetrics().then(answer, () => answer(""));
  });
}
