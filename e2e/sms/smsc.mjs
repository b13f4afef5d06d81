// An operator's end of SMPP 3.4 for the tests, on an implementation that is not ours: takes binds and messages, says what
// it got as a line of JSON each, and misbehaves as told by its arguments:
//   --throttle N   the first N messages are answered that it is too much
//   --refuse NUM   messages to that number are answered that there is no such number
//   --fail NUM     messages to that number are taken, and reported as undelivered
//   --drop-after N the connection is broken, once, after N messages
import { createRequire } from "node:module";
const smpp = createRequire(import.meta.url)("smpp");

const argument = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
let throttle = Number(argument("--throttle", 0));
let dropAfter = Number(argument("--drop-after", 0));
const refuse = argument("--refuse", "");
const fail = argument("--fail", "");
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

let taken = 0;
const server = smpp.createServer((session) => {
  session.on("error", () => {});
  const bind = (pdu) => {
    const known = pdu.system_id === "lots" && pdu.password === "hemligt";
    say({ bind: pdu.command, version: pdu.interface_version, known });
    session.send(pdu.response({ command_status: known ? smpp.ESME_ROK : smpp.ESME_RINVPASWD }));
  };
  session.on("bind_transceiver", bind);
  session.on("bind_transmitter", bind);
  session.on("enquire_link", (pdu) => { say({ enquire_link: true }); session.send(pdu.response()); });
  session.on("unbind", (pdu) => { say({ unbind: true }); session.send(pdu.response()); session.close(); });
  session.on("submit_sm", (pdu) => {
    if (throttle > 0) {
      throttle -= 1;
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    if (pdu.destination_addr === refuse) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      return;
    }
    taken += 1;
    if (dropAfter > 0 && taken > dropAfter) {
      dropAfter = 0;
      taken -= 1;
      session.destroy();
      return;
    }
    const id = taken.toString(16).padStart(8, "0");
    const whole = pdu.message_payload ?? pdu.short_message;
    say({ submit: {
      to: pdu.destination_addr, from: pdu.source_addr, ton: pdu.source_addr_ton, esm_class: pdu.esm_class,
      data_coding: pdu.data_coding, receipt: pdu.registered_delivery, udh: whole.udh?.map?.((part) => part.toString("hex"))
        ?? whole.udh?.toString?.("hex") ?? null,
      text: whole.message?.toString() ?? "", payload: pdu.message_payload !== undefined, id,
    } });
    session.send(pdu.response({ message_id: id }));
    if (pdu.registered_delivery === 1) {
      const stat = pdu.destination_addr === fail ? "UNDELIV" : "DELIVRD";
      // Reported in decimal what was answered in hexadecimal, as some operators do.
      const text = `id:${taken} sub:001 dlvrd:001 submit date:2611220915 done date:2611220916 stat:${stat} err:00b text:`;
      setTimeout(() => session.deliver_sm({
        source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4, short_message: text,
      }, (answer) => say({ receipt: answer.command_status, id })), 20);
    }
  });
});
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
