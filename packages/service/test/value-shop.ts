import type { RecommendResponse } from "@recsys/contracts";
import { items, startHarness, type Answer, type Harness } from "./harness.ts";

/** A service with twelve new items of four providers; the dearer an item, the larger its margin, and the last four are sponsored. */
export interface ValueShop extends Harness {
  list(more?: object): Promise<Answer<RecommendResponse>>;
  put(section: string, content: unknown): Promise<Answer>;
  /** The surface `home` with these fields beside its own. */
  setHome(more: object): Promise<Answer>;
}

export async function startValueShop(): Promise<ValueShop> {
  const harness = await startHarness();
  const put = (section: string, content: unknown) =>
    harness.call(`PUT /v1/admin/config/${section}`, content, {
      headers: { "if-match": "*" },
    });
  await harness.call(
    "POST /v1/items",
    items(12).map((item, i) => ({
      ...item,
      provider_id: `provider-${i % 4}`,
      margin: i / 20,
      created_at: new Date(Date.now() - 60_000 * (12 - i)).toISOString(),
      ...(i > 7 ? { sponsored: true } : {}),
    })),
  );
  // Without a signal that offers them the items would come from the catalogue.
  await put("knobs", { "new_items.weight": 0.01 });
  return Object.assign(harness, {
    put,
    list: (more: object = {}) =>
      harness.call<RecommendResponse>("POST /v1/recommend", {
        surface: "home",
        k: 12,
        ...more,
      }),
    setHome: async (more: object) => {
      const { body } = await harness.call<{ content: Record<string, object> }>(
        "GET /v1/admin/config/surfaces",
      );
      const home = Object.fromEntries(
        Object.entries(body.content["home"] ?? {}).filter(
          ([field]) => !field.endsWith("_policy"),
        ),
      );
      return put("surfaces", { ...body.content, home: { ...home, ...more } });
    },
  });
}
