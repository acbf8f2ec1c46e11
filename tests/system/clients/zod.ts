// Checks at run time what a publication brought after the checks were generated, by two generators.
import * as hey from "./hey/zod.gen.js";
import * as orval from "./orval.js";

declare const process: { argv: string[] };
const [url = "", publication = ""] = process.argv.slice(2);
const asked = { as_of: Number(publication), court: ["synthetic-district-court"], article: ["KZ-9172"] };
hey.zListCasesQuery.parse(asked);
orval.ListCasesQueryParams.parse(asked);

const found: string[] = [];
async function check(address: string, ...schemas: { parse(value: unknown): unknown }[]) {
  const response = await fetch(`${url}/api/v1/${address}`);
  if (response.status !== 200) throw new Error(await response.text());
  const answer: unknown = await response.json();
  for (const schema of schemas) schema.parse(answer);
  found.push(address);
}

const query = `court=synthetic-district-court&as_of=${publication}`;
await check(`cases/?${query}`, hey.zListCasesResponse, orval.ListCasesResponse);
await check("cases/KZ-9001/", hey.zGetCaseResponse, orval.GetCaseResponse);
await check("cases/?fields=court.name.en", hey.zListCasesResponse, orval.ListCasesResponse);
await check("courts/", hey.zListCourtsResponse, orval.ListCourtsResponse);
await check("articles/", hey.zListArticlesResponse, orval.ListArticlesResponse);
await check(`cases/facets/?by=court,article`, hey.zGetCasesFacetsResponse, orval.GetCasesFacetsResponse);
await check("changes/", hey.zListChangesResponse, orval.ListChangesResponse);
console.log(found.length);
