import { byteLowercase } from "../header/bytes.ts";
import type { Header, HeaderList } from "../header/header-list.ts";
import type { ResponseRules } from "../profile/profile.ts";

/** Headers of which Firefox looks at every line as it stands. */
const keptLineByLine: ReadonlySet<string> = new Set([
  "access-control-allow-origin",
  "content-disposition",
  "content-length",
  "location",
  "set-cookie",
]);

/** The header list of a response as a browser takes it over from the wire. */
export function receivedHeaders(headers: HeaderList, rules: ResponseRules): HeaderList {
  let received = headers;
  if (rules.trimsHeaderNames && headers.some(([name]) => /[\t ]$/.test(name))) {
    received = headers.map(([name, value]) => [name.trimEnd(), value]);
  }
  return rules.joinsWithoutEmptyValues ? joinedWithoutEmptyValues(received) : received;
}

function joinedWithoutEmptyValues(headers: HeaderList): HeaderList {
  const names = headers.map(([name]) => byteLowercase(name));
  if (new Set(names).size === names.length) return headers;
  const received: Header[] = [];
  const places = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    const name = names[index] as string;
    const place = places.get(name);
    const before = place === undefined ? undefined : received[place];
    if (place === undefined || before === undefined || keptLineByLine.has(name)) {
      places.set(name, received.length);
      received.push(header);
    } else if (before[1] === "") received[place] = header;
    else if (name === "content-type") received[place] = [before[0], `${before[1]},${header[1]}`];
    else if (header[1] !== "") {
      places.set(name, received.length);
      received.push(header);
    }
  }
  return received;
}
