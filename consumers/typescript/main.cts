// nodenext knows that Node can `require` an ES module; node16 does not.
import protocol = require("@corsac/protocol");

export const safe: boolean = protocol.isSafeMethod("GET");
