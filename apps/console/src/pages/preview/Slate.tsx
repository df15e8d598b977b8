import {
  Alert,
  Group,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import type { RecommendResponse } from "@recsys/contracts";
import { ItemCard, type ItemActions } from "./ItemCard.tsx";
import { rankChange } from "./rank-changes.ts";

/** A titled list with its states: loading, failed, empty, shown. */
export function Slate(props: {
  readonly title: string;
  readonly hint: string;
  readonly testId: string;
  readonly answer: RecommendResponse | undefined;
  readonly error: Error | null;
  readonly previous: readonly string[] | null;
  readonly actions: ItemActions;
}) {
  return (
    <Stack
      gap="xs"
      data-testid={props.testId}
      data-request-id={props.answer?.meta.request_id}
    >
      <Group justify="space-between" align="baseline">
        <Title order={2} size="h4">
          {props.title}
        </Title>
        <Text size="xs" c="dimmed">
          {props.hint}
        </Text>
      </Group>
      <SlateBody {...props} />
    </Stack>
  );
}

function SlateBody(props: Parameters<typeof Slate>[0]) {
  if (props.error !== null) {
    return (
      <Alert color="red" title="The list could not be loaded">
        {props.error.message}
      </Alert>
    );
  }
  if (props.answer === undefined) {
    return (
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }}>
        {[1, 2, 3, 4].map((n) => (
          <Skeleton key={n} height={150} />
        ))}
      </SimpleGrid>
    );
  }
  if (props.answer.items.length === 0) {
    return <Alert color="gray">Nothing to show here.</Alert>;
  }
  const topScore = Math.max(...props.answer.items.map((item) => item.score));
  return (
    <>
      {props.answer.meta.degraded.map((part) => (
        <Alert key={part.part} color="yellow" p="xs">
          {part.part}: {part.reason}
        </Alert>
      ))}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="xs">
        {props.answer.items.map((entry, place) => (
          <ItemCard
            key={entry.item_id}
            entry={entry}
            topScore={topScore}
            change={rankChange(entry.item_id, place, props.previous)}
            actions={props.actions}
          />
        ))}
      </SimpleGrid>
    </>
  );
}
