import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";

/** Where a lab says that it is one. */
export const pingPath = "/.lab/ping";

/** What it says. */
export const pingAnswer = "corsac lab";

/** Milliseconds until a lab that is starting gives an answer. */
const startingTime = 5000;

/** Reports whether it is a lab that listens on a port of this machine; waits for one that is starting. */
export async function isLab(port: number, isSecure: boolean): Promise<boolean> {
  const end = Date.now() + startingTime;
  do {
    try {
      const response = await ask(port, isSecure);
      const answer = await text(response);
      if (response.statusCode !== 503) return answer === pingAnswer;
    } catch {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (Date.now() < end);
  return false;
}

async function ask(port: number, isSecure: boolean): Promise<IncomingMessage> {
  const options = { host: "127.0.0.1", port, path: pingPath, headers: { host: `localhost:${port}` }, timeout: 1000 };
  // Whose certificate it is does not matter: nothing is told to it.
  const request = isSecure ? requestHttps({ ...options, rejectUnauthorized: false }) : requestHttp(options);
  request.once("timeout", () => request.destroy(new Error("no answer")));
  const [response] = (await once(request.end(), "response")) as [IncomingMessage];
  return response;
}
