/**
 * The page that a form's post leads to.
 *
 * @param words plain text
 */
export function answerPage(words: string): string {
  const text = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Chirrup: the social network</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/chirrup.css" />
  </head>
  <body>
    <header><div><h1>Chirrup</h1></div></header>
    <main>
      <div class="card padded"><p class="hello">${text}</p><a href="/">Go to Chirrup</a></div>
    </main>
  </body>
</html>
`;
}
