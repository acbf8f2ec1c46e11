// A list, a record and an error, read with the types that the schema gives.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };
type Outcome = components["schemas"]["Outcome"];

const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2] ?? "" });

const outcomes: Outcome[] = ["convicted"];
const list = await client.GET("/api/v1/verdicts/", {
  params: { query: { outcome: outcomes, region: ["KZ"], sentence_months_min: 60, count: true } },
});
if (!list.data) throw new Error(list.error.detail);
// Without `fields` and `omit`, documents are whole.
const { count, results } = list.data as components["schemas"]["VerdictList"];
const terms: (number | null)[] = results.map((verdict) => verdict.sentence_months);

const record = await client.GET("/api/v1/cases/{public_id}/", {
  params: { path: { public_id: "KZ-0009" } },
});
if (!record.data) throw new Error(record.error.detail);
const found = record.data as components["schemas"]["Case"];
// @ts-expect-error What may be null must be looked at.
found.court.name;
const court: string | null | undefined = found.court?.name.en;
const names = found.defendants.flatMap((defendant) => defendant.names.map((n) => n.text));

const wrong = await client.GET("/api/v1/cases/", {
  // @ts-expect-error There is no such outcome.
  params: { query: { outcome: ["hanged"] } },
});
const problem: components["schemas"]["Problem"] | undefined = wrong.error;
const errors = wrong.error && "errors" in wrong.error ? wrong.error.errors : [];

console.log(
  JSON.stringify({
    count,
    terms,
    court,
    names,
    status: problem?.status,
    wrong: errors.map((error) => error.param),
  }),
);
