import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const folderOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const conditions = ["corsac-no-suffix-list", "corsac-source", "module", "browser", "development|production"];

/** Builds the page of the lab and the script of the bookshop, which the lab's own servers serve. */
export default defineConfig({
  root: folderOf("page"),
  plugins: [react()],
  resolve: { conditions },
  build: { outDir: "dist", emptyOutDir: true, target: "es2023", sourcemap: false },
  environments: {
    bookshop: {
      consumer: "client",
      resolve: { conditions },
      build: {
        outDir: folderOf("origins/bookshop/dist"),
        copyPublicDir: false,
        rolldownOptions: {
          input: { bookshop: folderOf("origins/bookshop/app/main.tsx") },
          // The page names them, as it is no part of the build.
          output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
        },
      },
    },
  },
  builder: {
    buildApp: async ({ build, environments: { client, bookshop } }) => {
      for (const environment of [client, bookshop]) if (environment !== undefined) await build(environment);
    },
  },
});
