import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { developmentCertificate } from "@corsac/gateway";
import { createLabRuns, type LabRuns } from "../run/lab-runs.ts";
import { defaultOrigins, type LabOrigins } from "../situation/origins.ts";
import { assetPath } from "./asset-path.ts";
import { createBenchApplication } from "./bench/bench-application.ts";
import { createBooksApplication } from "./books/books-application.ts";
import { createBookshopApplication } from "./bookshop/bookshop-application.ts";
import { createGatewayApplication } from "./gateway/gateway-application.ts";
import { type HttpOrigin, openHttpOrigin } from "./http-origin.ts";
import { isLab, pingAnswer, pingPath } from "./is-lab.ts";
import { createOriginFront, type OriginApplication } from "./origin-front.ts";
import { createLabApi } from "./page/lab-api.ts";
import { createLabPage } from "./page/lab-page.ts";
import { createPageApplication } from "./page-application.ts";
import { createRunRegistry } from "./run-registry.ts";
import { createSocialNetwork, type SocialNetwork } from "./social-network/social-application.ts";
import { createWeatherApplication } from "./weather/weather-application.ts";

/** The servers of the lab; `bookshop` has two origins. */
type ServerName = Exclude<keyof LabOrigins, "bookshopByAddress">;

/** How a lab is started. */
export interface LabOptions {
  /** The port of the page; a free one where it is taken. Default 4400; 0 for a free one at once. */
  readonly port?: number;
  /** Whether all other origins take free ports at once, too. Default false: those of `defaultOrigins` if they are free. */
  readonly freePorts?: boolean;
  /** The folder of the built page. */
  readonly pageFolder?: string;
  /**
   * Whether the origins are `https:`, by a certificate that is made here; the weather abroad stays `http:`, for mixed
   * content. Default false.
   */
  readonly https?: boolean;
  /** Where the certificate is kept. */
  readonly certificateFolder?: string;
}

/** A lab that runs. */
export interface Lab {
  readonly origins: LabOrigins;
  /** What the page's calls of the API carry. */
  readonly token: string;
  readonly runs: LabRuns;
  readonly social: SocialNetwork;
  /** The file of the authority that browsers have to trust; `null` without HTTPS. */
  readonly authorityFile: string | null;
  close(): Promise<void>;
}

/** Another lab is already there. */
export class LabRunningError extends Error {
  override readonly name = "LabRunningError";
  /** Of the page of that lab. */
  readonly url: string;

  constructor(url: string) {
    super(`The lab is already running at ${url}.`);
    this.url = url;
  }
}

const hosts: Readonly<Record<ServerName, readonly string[]>> = {
  lab: ["localhost"],
  bookshop: ["localhost", "127.0.0.1"],
  books: ["localhost"],
  bench: ["localhost"],
  gateway: ["localhost"],
  social: ["social.localhost"],
  evil: ["evil.localhost"],
  weather: ["weather.localhost"],
};

const { version } = createRequire(import.meta.url)("corsac/package.json") as { readonly version: string };

const serverNames = Object.keys(hosts) as ServerName[];

/**
 * Starts every origin of the lab on loopback.
 *
 * @throws {LabRunningError} when a lab has the page's port already
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const labPort = options.port ?? Number(new URL(defaultOrigins.lab).port);
  const folder = options.certificateFolder ?? assetPath("../node_modules/.cache/corsac/certificate");
  const names = ["social.localhost", "evil.localhost"];
  const certificate = options.https === true ? await developmentCertificate({ folder, names }) : null;
  const authority = certificate === null ? null : await readFile(certificate.authorityFile, "utf8");
  const lab = await openHttpOrigin(hosts.lab, labPort, certificate);
  // The port was taken: by a lab?
  if (labPort !== 0 && lab.port !== labPort && (await isLab(labPort, certificate !== null))) {
    await lab.close();
    throw new LabRunningError(`${certificate === null ? "http" : "https"}://localhost:${labPort}`);
  }
  const opened = await Promise.all(
    serverNames.map(async (name): Promise<[ServerName, HttpOrigin]> => {
      const port = options.freePorts === true ? 0 : Number(new URL(defaultOrigins[name]).port);
      return [
        name,
        name === "lab" ? lab : await openHttpOrigin(hosts[name], port, name === "weather" ? null : certificate),
      ];
    }),
  );
  const servers = Object.fromEntries(opened) as Record<ServerName, HttpOrigin>;
  const origins = originsOf(servers, certificate === null ? "http" : "https");
  const registry = createRunRegistry();
  const social = createSocialNetwork(origins, registry);
  const books = await createBooksApplication(origins.bookshop);
  const token = randomBytes(24).toString("base64url");
  const runs = createLabRuns({ origins, registry, ...(authority === null ? {} : { connect: { ca: authority } }) });
  const api = createLabApi({ origins, token, runs, social, books });
  const page = createLabPage(options.pageFolder ?? assetPath("page/dist"), { token, origins, version });

  const applications: Readonly<Record<ServerName, OriginApplication>> = {
    lab: (request, response) => {
      if (request.url === pingPath) response.writeHead(200, { "Content-Type": "text/plain" }).end(pingAnswer);
      else if (!api(request, response)) page(request, response);
    },
    bookshop: createBookshopApplication(origins),
    books: books.application,
    bench: createBenchApplication(),
    gateway: createGatewayApplication(origins, authority),
    social: social.application,
    evil: createPageApplication("origins/evil/evil.html", {
      SOCIAL_ORIGIN: origins.social,
      LAB_ORIGIN: origins.lab,
    }),
    weather: createWeatherApplication(origins.lab),
  };
  for (const name of serverNames) {
    servers[name].use(createOriginFront({ name, origins, registry, application: applications[name] }));
  }
  return {
    ...{ origins, token, runs, social, authorityFile: certificate?.authorityFile ?? null },
    async close() {
      await Promise.all(serverNames.map((name) => servers[name].close()));
      await registry.close();
      await books.close();
    },
  };
}

function originsOf(servers: Readonly<Record<ServerName, HttpOrigin>>, scheme: "http" | "https"): LabOrigins {
  const entries = serverNames.map((name) => {
    const ownScheme = name === "weather" ? "http" : scheme;
    return [name, `${ownScheme}://${hosts[name][0]}:${servers[name].port}`] as const;
  });
  const bookshopByAddress = `${scheme}://127.0.0.1:${servers.bookshop.port}`;
  return { ...(Object.fromEntries(entries) as Record<ServerName, string>), bookshopByAddress };
}
