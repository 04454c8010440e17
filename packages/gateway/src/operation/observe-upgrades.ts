import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { UpgradeHandler } from "../client/node-door.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import { type ExchangeObserver, ObservedSink, preciseTime } from "./observe-stage.ts";

/** Whoever answers an upgrade writes to the socket, and nobody to this. */
const nowhere: ResponseSink = {
  inform() {},
  start() {},
  write: () => true,
  end() {},
  fail() {},
  onDrain() {},
  onAbort() {},
};

/**
 * Makes a handler of upgrades that are told to observers when their connection ends: with the status of the answer, 101
 * if the protocol was changed, and the bytes that went to the client.
 */
export function withObservedUpgrades(
  upgrade: UpgradeHandler,
  observers: readonly ExchangeObserver[],
  clock: () => number = preciseTime,
): UpgradeHandler {
  if (observers.length === 0) return upgrade;
  return (request, socket, head) => {
    const observed = new ObservedSink(nowhere, request, observers, clock, 0);
    onFirstWrite(socket, (text) => observed.start(headOf(text)));
    const finish = (): void => {
      if (socket instanceof Socket) observed.size = socket.bytesWritten;
      if (observed.status === null) observed.leave();
      else observed.end(null);
    };
    // Whichever comes first: everything is written to the client, or it is gone.
    socket.once("finish", finish).once("close", finish);
    upgrade(observed.passedOn(request), socket, head);
  };
}

/** The answer is the first that is written, as one text. */
function onFirstWrite(socket: Duplex, listener: (text: string) => void): void {
  const write = socket.write;
  socket.write = ((...args: Parameters<Duplex["write"]>): boolean => {
    socket.write = write;
    listener(String(args[0]));
    return write.apply(socket, args);
  }) as Duplex["write"];
}

function headOf(text: string): { status: number; statusText: string; headers: HeaderFields } {
  const [statusLine = "", ...lines] = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
  const headers: HeaderFields = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(statusLine.split(" ")[1]), statusText: "", headers };
}
