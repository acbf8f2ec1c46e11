const parts = { param: true, query: true, response: true, header: false, body: false };
export default {
  cases: {
    input: { target: "./schema.json" },
    output: {
      client: "zod",
      mode: "single",
      target: "./orval.ts",
      override: { zod: { generate: parts } },
    },
  },
};
