import { CONFIG_SECTIONS, type ConfigSection } from "@recsys/contracts";
import Type from "typebox";
import { closed } from "../shapes.ts";

const names = Object.keys(CONFIG_SECTIONS) as ConfigSection[];

/** The part of the path that names a section. */
export const SectionParams = closed({
  section: Type.Union(names.map((name) => Type.Literal(name))),
});
