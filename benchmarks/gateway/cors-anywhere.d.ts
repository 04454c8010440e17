declare module "cors-anywhere" {
  export function createServer(options: { readonly originWhitelist: readonly string[] }): import("node:http").Server;
}
