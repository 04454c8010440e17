// A front end: no type of Node in sight.
import { corsCheck } from "@corsac/protocol";

document.title = String(
  corsCheck({ serializedOrigin: location.origin, credentialsMode: "omit" }, { status: 200, headers: [] }).ok,
);
