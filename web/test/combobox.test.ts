import { bindCombobox } from "../src/combobox.ts";
import { equal, test, until } from "./harness.ts";

test("a field proposes, is led by the keyboard, and forgets what came too late", async () => {
  const [input, list] = [document.createElement("input"), document.createElement("ul")];
  list.id = "choices";
  list.hidden = true;
  document.body.append(input, list);
  const answers = new Map<string, (found: string[]) => void>();
  let chosen = "";
  const off = bindCombobox<string>(input, list, {
    pause: 0,
    find: (text) => new Promise((done) => answers.set(text, done)),
    draw: (option, item) => (option.textContent = item),
    choose: (item) => (chosen = item),
  });
  const type = async (text: string) => {
    input.value = text;
    input.dispatchEvent(new InputEvent("input"));
    await until(() => answers.has(text), "the question");
  };
  const press = (key: string) => !input.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  const active = () => document.getElementById(input.getAttribute("aria-activedescendant") ?? "")?.textContent;

  await type("l");
  await type("lo");
  answers.get("lo")?.(["Lomé", "London"]);
  await until(() => !list.hidden, "the choices");
  answers.get("l")?.(["late"]);
  await Promise.resolve();
  equal([press("Enter"), input.getAttribute("aria-expanded")], [false, "false"], "Enter without a choice is the form's");
  await type("lom");
  answers.get("lom")?.(["Lomé", "Lompoc"]);
  await until(() => !list.hidden, "the choices");
  equal([press("ArrowUp"), active(), press("ArrowDown"), active()], [true, "Lompoc", true, "Lomé"]);
  equal([press("Enter"), chosen, list.hidden, active()], [true, "Lomé", true, undefined]);
  await type("lond");
  answers.get("lond")?.(["London"]);
  await until(() => !list.hidden, "the choices");
  equal([press("Escape"), list.hidden, press("Escape")], [true, true, false]);
  off();
  input.remove();
  list.remove();
});
