import { Anchor, Text } from "@mantine/core";
import type { TenantFacts } from "../../api.ts";

/** Where the demonstration data comes from and how its age is treated. */
export function DataNotice({
  tenant,
}: {
  readonly tenant: TenantFacts | undefined;
}) {
  const weeks = Math.round((tenant?.time_offset_days ?? 0) / 7);
  return (
    <Text size="xs" c="dimmed" data-testid="data-notice">
      Real purchases of a British gift wholesaler, December 2010 to June 2011.{" "}
      {weeks > 0 &&
        `All times are moved forward by ${weeks} whole weeks, so that the last day of the data is about today and recency means something. `}
      Data: Chen, D. (2015). Online Retail. UCI Machine Learning Repository,{" "}
      <Anchor size="xs" href="https://doi.org/10.24432/C5BW33">
        doi:10.24432/C5BW33
      </Anchor>
      , CC BY 4.0.
    </Text>
  );
}
