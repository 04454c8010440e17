/** Statements that only read, or that change nothing but the connection. All others count as writing. */
const readingKeywords = new Set(
  (
    "ABORT BEGIN CLOSE COMMIT DEALLOCATE DECLARE DISCARD END EXPLAIN FETCH LISTEN MOVE PREPARE RELEASE RESET ROLLBACK " +
    "SAVEPOINT SELECT SET SHOW START TABLE UNLISTEN VALUES WITH"
  ).split(" "),
);

/** Words that write inside a statement that begins by reading: `WITH … INSERT`, `SELECT … INTO`, `EXPLAIN ANALYZE DELETE`. */
const writingWords = /\b(?:DELETE|INSERT|INTO|MERGE|TRUNCATE|UPDATE)\b/;
/** `SELECT … FOR UPDATE` takes a lock and changes nothing. */
const rowLock = /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b/g;

/** Pragmas that take an argument and only read. */
const readingPragmas =
  /^(?:table_info|table_xinfo|table_list|index_info|index_xinfo|index_list|foreign_key_list|foreign_key_check|integrity_check|quick_check|compile_options|function_list)$/i;
/** Pragmas that set something of the connection only. */
const connectionPragmas =
  /^(?:analysis_limit|automatic_index|busy_timeout|cache_size|cache_spill|case_sensitive_like|cell_size_check|defer_foreign_keys|foreign_keys|ignore_check_constraints|locking_mode|mmap_size|query_only|read_uncommitted|recursive_triggers|soft_heap_limit|hard_heap_limit|synchronous|temp_store|threads|trusted_schema|wal_autocheckpoint)$/i;
/** Pragmas that change the file although they take no argument. */
const writingPragmas = /^(?:incremental_vacuum|optimize|wal_checkpoint)$/i;

/**
 * Returns the beginning of the first statement that writes, for messages; null when all of them only read. It goes by
 * the words of SQL as SQLite and PostgreSQL have them, not by what functions do: `SELECT nextval('s')` counts as reading.
 * What it does not know counts as writing.
 */
export function writingStatement(sql: string): string | null {
  for (const statement of splitStatements(sql)) {
    const text = statement.trim();
    if (text !== "" && writes(text)) return text.replace(/\s+/g, " ").split(" ").slice(0, 3).join(" ");
  }
  return null;
}

function writes(statement: string): boolean {
  const keyword = /^\(*\s*([a-z]+)/i.exec(statement)?.[1]?.toUpperCase() ?? "";
  if (keyword === "PRAGMA") return pragmaWrites(statement);
  if (keyword === "COPY") return !/\bTO\s+(?:STDOUT|PROGRAM|''|"")/i.test(statement) || hasWritingWord(statement);
  if (!readingKeywords.has(keyword)) return true;
  return hasWritingWord(statement);
}

function hasWritingWord(statement: string): boolean {
  return writingWords.test(statement.toUpperCase().replace(rowLock, ""));
}

function pragmaWrites(statement: string): boolean {
  const found = /^pragma\s+(?:\w+\s*\.\s*)?(\w+)\s*([=(]?)/i.exec(statement);
  // A quoted name has been emptied.
  if (found === null) return true;
  const [, name = "", sign = ""] = found;
  if (writingPragmas.test(name)) return true;
  return sign !== "" && !readingPragmas.test(name) && !connectionPragmas.test(name);
}

/** What is text, a quoted name or a comment, in which words mean nothing; `$tag$ … $tag$` is PostgreSQL's. */
const opaque =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:\\[\s\S]|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|`(?:``|[^`])*`|(?<![\w)[\]])\[[^\]]*\]|(?<![\w$])\$(\w*)\$[\s\S]*?\$\1\$/g;

/** Splits at semicolons, with texts and quoted names emptied and comments gone. */
function splitStatements(sql: string): string[] {
  return sql
    .replace(opaque, (part) => (part.startsWith("--") || part.startsWith("/*") ? " " : emptied(part)))
    .split(";");
}

function emptied(part: string): string {
  // A bracketed name of SQLite.
  if (part.startsWith("[")) return "[]";
  return part.startsWith('"') ? '""' : "''";
}
