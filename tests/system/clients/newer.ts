// Reads what a publication brought after the types were generated, with enums as TypeScript has them.
import createClient from "openapi-fetch";
import { type components, Outcome, type paths } from "./enums.js";

declare const process: { argv: string[] };
const [url = "", publication = ""] = process.argv.slice(2);
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: url });

const page = await client.GET("/api/v1/cases/", {
  params: {
    query: {
      court: ["synthetic-district-court"],
      article: ["KZ-9172"],
      outcome: [Outcome.convicted],
      as_of: Number(publication),
    },
  },
});
if (!page.data) throw new Error(page.error.detail);
const { results } = page.data as components["schemas"]["CaseList"];
// A member of an enum that has no plain name.
const path = "court.name.en" as string as components["schemas"]["CasePath"];
const sparse = await client.GET("/api/v1/cases/", {
  params: { query: { ids: ["KZ-9001"], fields: [path] } },
});
if (!sparse.data) throw new Error(sparse.error.detail);
// What was not asked for may be missing.
const status: string | undefined = sparse.data.results[0]?.status;

console.log(
  JSON.stringify({
    found: results.map((found) => found.id),
    court: results[0]?.court?.id,
    sparse: sparse.data.results[0],
    status: status ?? null,
  }),
);
