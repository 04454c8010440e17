import type { OriginLook } from "./origin-look.ts";

/** The name and the serialized origin of a party, in its colour. */
export function OriginChip({ look, name, origin }: OriginLook) {
  return (
    <span className={`chip origin-${look}`}>
      <span className="chip-name">{name}</span> <code translate="no">{origin}</code>
    </span>
  );
}
