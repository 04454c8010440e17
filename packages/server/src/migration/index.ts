export { fromExpressCors } from "./from-express-cors.ts";
export { fromFastifyCors } from "./from-fastify-cors.ts";
export { fromHonoCors } from "./from-hono-cors.ts";
export { fromKoaCors } from "./from-koa-cors.ts";
export type { Migration } from "./migration.ts";
export {
  type FindingSeverity,
  findingSeverities,
  type MigrationFinding,
  type MigrationFindingCode,
} from "./migration-finding.ts";
