import type { IncomingMessage, ServerResponse } from "node:http";
import { answerText } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import { createPageApplication } from "../page-application.ts";

const cities: Readonly<Record<string, { readonly celsius: number; readonly sky: string }>> = {
  Berlin: { celsius: 7, sky: "drizzle" },
  Lisbon: { celsius: 19, sky: "sunny" },
  Reykjavik: { celsius: -2, sky: "snow" },
  Singapore: { celsius: 31, sky: "thunderstorm" },
};

const caching = "max-age=0, s-maxage=60";

/**
 * A weather service that has never heard of CORS: a page, `/weather?city=` which gives JSON, `/weather.js?city=&callback=`
 * which gives the same as a script (JSONP). Shared caches may keep both for a minute; browsers ask again, so that one sees
 * what an intermediary does.
 *
 * @param lab the origin of the lab's page
 */
export function createWeatherApplication(lab: string): OriginApplication {
  const page = createPageApplication("origins/weather/weather.html", { LAB_ORIGIN: lab });
  return (request, response, side) => {
    if (request.url === "/") page(request, response, side);
    else answerWeather(request, response);
  };
}

function answerWeather(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://weather.localhost");
  const city = url.searchParams.get("city") ?? "Berlin";
  const weather = Object.hasOwn(cities, city) ? cities[city] : undefined;
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
  } else if (weather === undefined) {
    answerText(response, 404, "This city has no weather here.");
  } else if (url.pathname === "/weather") {
    const headers = { "Content-Type": "application/json", "Cache-Control": caching, ETag: `"${city}"` };
    response.writeHead(200, headers).end(JSON.stringify({ city, ...weather }));
  } else if (url.pathname === "/weather.js") {
    const callback = url.searchParams.get("callback") ?? "receive";
    if (!/^[A-Za-z_$][\w$]{0,60}$/.test(callback)) {
      answerText(response, 400, "The callback is no name of a function.");
      return;
    }
    const headers = { "Content-Type": "text/javascript", "Cache-Control": caching };
    response.writeHead(200, headers).end(`${callback}(${JSON.stringify({ city, ...weather })});\n`);
  } else {
    answerText(response, 404, "There is nothing here but /weather and /weather.js.");
  }
}
