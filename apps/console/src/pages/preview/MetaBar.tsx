import { Anchor, Code, Group, Text } from "@mantine/core";
import type { RecommendResponse } from "@recsys/contracts";

/** Which versions made the list, how long it took, and the id to ask about it. */
export function MetaBar({
  answer,
}: {
  readonly answer: RecommendResponse | undefined;
}) {
  if (answer === undefined) return null;
  const { meta } = answer;
  const total = meta.timings_ms["total"];
  const facts = [
    ["config", meta.config_version],
    ["rules", meta.rules_version],
    ["manifest", meta.manifest_version?.slice(0, 12) ?? "none"],
    ["algorithm", meta.algo_version],
    ...(total === undefined ? [] : [["time", `${total.toFixed(1)} ms`]]),
  ] as const;
  return (
    <Group gap="md" data-testid="meta">
      {facts.map(([name, value]) => (
        <Text key={name} size="xs" c="dimmed">
          {name} <Code>{value}</Code>
        </Text>
      ))}
      <Anchor size="xs" href="/docs" target="_blank">
        API
      </Anchor>
      <Text size="xs" c="dimmed">
        request <Code>{meta.request_id}</Code>
      </Text>
    </Group>
  );
}
