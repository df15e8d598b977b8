import {
  Alert,
  Container,
  Grid,
  Group,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type ListedUser } from "../../api.ts";
import { UserPicker } from "./UserPicker.tsx";
import { DataNotice } from "./DataNotice.tsx";
import { History } from "./History.tsx";
import { MetaBar } from "./MetaBar.tsx";
import { Slate } from "./Slate.tsx";
import { useItems, usePreview } from "./use-preview.ts";
import { readableTitle } from "./words.ts";

/** The user of the README's calls, where the data has one of that number. */
const FIRST_USER = "17850";

/** Pick a user, see what they did and what they would be shown, click, and see the list change. */
export function PreviewPage() {
  const users = useQuery({ queryKey: ["users"], queryFn: api.users });
  const tenant = useQuery({ queryKey: ["tenant"], queryFn: api.tenant });
  const [picked, setPicked] = useState<string | null>(null);
  const userId = picked ?? firstUser(users.data ?? []);
  return (
    <Container size="xl" py="lg">
      <Stack gap="lg">
        <Header />
        {users.error !== null && (
          <Alert color="red" title="The service does not answer">
            {users.error.message}
          </Alert>
        )}
        <Preview
          userId={userId}
          picker={
            <UserPicker
              users={users.data ?? []}
              value={userId}
              onPick={setPicked}
            />
          }
        />
        <DataNotice tenant={tenant.data} />
      </Stack>
    </Container>
  );
}

function firstUser(users: readonly ListedUser[]): string | null {
  const known = users.find((user) => user.user_id === FIRST_USER);
  return (known ?? users[0])?.user_id ?? null;
}

function Header() {
  return (
    <Group justify="space-between" align="baseline">
      <Title order={1} size="h2">
        RecSys Suite
      </Title>
      <Text c="dimmed" size="sm">
        View or buy an item: the next list knows about it.
      </Text>
    </Group>
  );
}

function Preview(props: {
  readonly userId: string | null;
  readonly picker: React.ReactNode;
}) {
  const preview = usePreview(props.userId);
  const events = preview.history.data?.items;
  const items = useItems([
    ...(events ?? []).map((event) => event.item_id),
    ...(preview.anchor === null ? [] : [preview.anchor]),
  ]);
  const actions = {
    view: (itemId: string) => {
      preview.act.mutate({ type: "click", itemId });
    },
    buy: (itemId: string) => {
      preview.act.mutate({ type: "purchase", itemId });
    },
  };
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, sm: 4, lg: 3 }}>
        <Stack>
          {props.picker}
          <History events={events} items={items} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 8, lg: 9 }}>
        <Stack gap="lg">
          {preview.act.error !== null && (
            <Alert color="red">{preview.act.error.message}</Alert>
          )}
          <Slate
            title="Recommended"
            hint="with reasons and scores"
            testId="recommended"
            answer={preview.list.data}
            error={preview.list.error}
            previous={preview.previous}
            actions={actions}
          />
          <MetaBar answer={preview.list.data} />
          {preview.anchor !== null && (
            <Slate
              title={`Similar to ${readableTitle(items.get(preview.anchor)?.title, preview.anchor)}`}
              hint="items that go with the one you just chose"
              testId="similar"
              answer={preview.similar.data}
              error={preview.similar.error}
              previous={null}
              actions={actions}
            />
          )}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
