import type { AlertMessage } from "@playhead/protocol";
import { fullMoment, moment } from "../moment.js";
import { Section } from "../section.js";

const kinds = { firing: "Fires", resolved: "In order again", test: "Test" } as const;
const deliveries = {
  pending: { word: "On its way", tone: "warn" },
  delivered: { word: "Arrived", tone: "good" },
  failed: { word: "Given up", tone: "bad" },
} as const;

/** What was sent, newest first, and whether it arrived. */
export function Messages({ messages }: { messages: readonly AlertMessage[] }) {
  return (
    <Section title="Messages">
      {messages.length === 0 ? (
        <p class="breakdown-none">Nothing was sent yet.</p>
      ) : (
        <div class="table-scroll" data-tall tabIndex={0} role="region" aria-label="Messages, the table">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">Said</th>
                <th scope="col">Delivery</th>
                <th scope="col" data-number>
                  Tries
                </th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {messages.map(({ id, ruleName, kind, delivery, error, attempts, at }) => (
                <tr key={id}>
                  <th scope="row">{ruleName}</th>
                  <td>{kinds[kind]}</td>
                  <td>
                    <span class="state" data-tone={deliveries[delivery].tone}>
                      {deliveries[delivery].word}
                    </span>
                    {delivery !== "delivered" && error !== null && <span class="row-note">{error}</span>}
                  </td>
                  <td data-number>{attempts}</td>
                  <td class="mono" title={fullMoment(at)}>
                    {moment(at, Date.now())}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
