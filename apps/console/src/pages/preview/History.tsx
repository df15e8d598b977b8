import { Badge, Group, ScrollArea, Stack, Text, Title } from "@mantine/core";
import type { ListedEvent, ListedItem } from "../../api.ts";
import { ItemTile } from "./ItemTile.tsx";
import { readableDay, readableTitle } from "./words.ts";

/** What the user did, newest first. */
export function History(props: {
  readonly events: readonly ListedEvent[] | undefined;
  readonly items: ReadonlyMap<string, ListedItem>;
}) {
  const events = props.events ?? [];
  return (
    <Stack gap="xs" data-testid="history">
      <Title order={2} size="h5">
        History
      </Title>
      <ScrollArea.Autosize mah="56vh" type="auto" offsetScrollbars>
        <Stack gap={8}>
          {events.map((event, n) => (
            <HistoryRow
              key={`${event.ts} ${event.item_id} ${n}`}
              event={event}
              title={props.items.get(event.item_id)?.title}
            />
          ))}
          {props.events?.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing yet.
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}

function HistoryRow(props: {
  readonly event: ListedEvent;
  readonly title: string | undefined;
}) {
  const { event } = props;
  return (
    <Group wrap="nowrap" gap="xs" data-testid="event">
      <ItemTile itemId={event.item_id} title={props.title} size={30} />
      <Stack gap={0} style={{ minWidth: 0, flex: 1 }}>
        <Text size="xs" truncate>
          {readableTitle(props.title, event.item_id)}
        </Text>
        <Text size="xs" c="dimmed">
          {readableDay(event.ts)}
        </Text>
      </Stack>
      <Badge
        size="xs"
        variant="light"
        color={event.type === "purchase" ? "gray" : "cyan"}
      >
        {event.type}
      </Badge>
    </Group>
  );
}
