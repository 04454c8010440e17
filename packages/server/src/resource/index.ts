export { type EntityTag, entityTag } from "./entity-tag.ts";
export { PreconditionFailedError } from "./judge-request.ts";
export type { Validators } from "./preconditions.ts";
export type { CurrentState, MethodHandlers, ResourceOptions } from "./resource-options.ts";
