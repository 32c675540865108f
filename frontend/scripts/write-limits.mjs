// Writes src/api/limits.json: the limits of the fields that forms ask for, from the OpenAPI document.
import { readFile, writeFile } from "node:fs/promises";

const document = JSON.parse(await readFile(new URL("../../specs/openapi.json", import.meta.url)));
const { RegisterRequest, CreateTask } = document.components.schemas;
const fields = { ...RegisterRequest.properties, ...CreateTask.properties };

const limits = Object.fromEntries(
  Object.entries(fields).map(([name, { minLength = 0, maxLength, pattern }]) => {
    if (!maxLength || !pattern) throw new Error(`${name} has no limits in the OpenAPI document`);
    return [name, { minLength, maxLength, pattern }];
  }),
);
await writeFile(
  new URL("../src/api/limits.json", import.meta.url),
  `${JSON.stringify(limits, null, 2)}\n`,
);
