import {
  Badge,
  Button,
  Card,
  Group,
  Progress,
  Stack,
  Text,
} from "@mantine/core";
import type { RankedItem } from "@recsys/contracts";
import { ItemTile } from "./ItemTile.tsx";
import type { RankChange } from "./rank-changes.ts";
import { readablePrice, readableTitle } from "./words.ts";

export interface ItemActions {
  readonly view: (itemId: string) => void;
  readonly buy: (itemId: string) => void;
}

/** One item of a slate: what it is, why it is here, what one can do with it. */
export function ItemCard(props: {
  readonly entry: RankedItem;
  readonly topScore: number;
  readonly change: RankChange;
  readonly actions: ItemActions;
}) {
  const { entry, actions } = props;
  const item = entry.item as
    { title?: string; price?: number; currency?: string } | undefined;
  const title = readableTitle(item?.title, entry.item_id);
  return (
    <Card
      withBorder
      padding="sm"
      data-testid="item"
      data-item-id={entry.item_id}
    >
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <ItemTile itemId={entry.item_id} title={item?.title} size={48} />
        <Stack gap={2} style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" wrap="nowrap" gap={4}>
            <Text size="xs" c="dimmed">
              #{entry.rank}
            </Text>
            <ChangeBadge change={props.change} />
          </Group>
          <Text size="sm" fw={600} lineClamp={2} title={title}>
            {title}
          </Text>
          <Text size="xs" c="dimmed">
            {readablePrice(item?.price, item?.currency)}
          </Text>
        </Stack>
      </Group>
      <Stack gap={6} mt="xs" justify="flex-end" style={{ flex: 1 }}>
        {(entry.reasons ?? []).slice(0, 2).map((reason) => (
          <Text key={reason.text} size="xs" lineClamp={2} data-testid="reason">
            {reason.text}
          </Text>
        ))}
        <ScoreBar score={entry.score} topScore={props.topScore} />
        <CardActions itemId={entry.item_id} actions={actions} />
      </Stack>
    </Card>
  );
}

function ScoreBar(props: {
  readonly score: number;
  readonly topScore: number;
}) {
  const share = props.topScore > 0 ? (100 * props.score) / props.topScore : 0;
  return (
    <Group gap={6} wrap="nowrap">
      <Progress
        value={Math.max(0, share)}
        size="xs"
        style={{ flex: 1 }}
        aria-label="score"
      />
      <Text size="xs" c="dimmed" ff="monospace">
        {props.score.toFixed(3)}
      </Text>
    </Group>
  );
}

function ChangeBadge({ change }: { readonly change: RankChange }) {
  switch (change.kind) {
    case "new":
      return (
        <Badge size="xs" color="teal" variant="filled">
          new
        </Badge>
      );
    case "moved":
      return (
        <Badge
          size="xs"
          color={change.by > 0 ? "cyan" : "gray"}
          variant="light"
        >
          {change.by > 0 ? `▲ ${change.by}` : `▼ ${-change.by}`}
        </Badge>
      );
    case "first":
    case "same":
      return null;
  }
}

function CardActions(props: {
  readonly itemId: string;
  readonly actions: ItemActions;
}) {
  return (
    <Group gap={6} grow>
      <Button
        size="compact-xs"
        variant="light"
        onClick={() => {
          props.actions.view(props.itemId);
        }}
      >
        View
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          props.actions.buy(props.itemId);
        }}
      >
        Buy
      </Button>
    </Group>
  );
}
