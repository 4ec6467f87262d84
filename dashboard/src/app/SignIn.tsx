import { useState } from "react";
import { useAction } from "../api/action";
import { send } from "../api/client";
import type { WhoAmI } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { Trouble } from "../ui/states";

export function SignIn({ onSignedIn }: { onSignedIn: (who: WhoAmI) => void }) {
  const [token, setToken] = useState("");
  const signIn = useAction(async () => onSignedIn((await send<WhoAmI>("POST", "/api/session", { token })).value));
  return (
    <main className="alone">
      <title>Sign in · VPS Pilot</title>
      <h1>VPS Pilot</h1>
      <Form name="Sign in" onSubmit={() => void signIn.run()}>
        <Field label="Access token" hint="The first one is in the file admin-token of the control plane; admins make more on the page Tokens.">
          {control => <input {...control} type="password" name="token" autoComplete="current-password" required autoFocus value={token} onChange={e => setToken(e.target.value)} />}
        </Field>
        <Trouble error={signIn.error} />
        <Button kind="primary" type="submit" isBusy={signIn.isBusy}>Sign in</Button>
      </Form>
    </main>
  );
}
