// The editor's own part: opens Decap with our settings, and the field for a page's text.
// Expects to stand before decap-cms.js, which brings CMS, h and createClass.

window.CMS_MANUAL_INIT = true;

const API = "/admin/api";
const TAB = crypto.randomUUID();

async function ask(action, params) {
  const response = await fetch(API, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action, params }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

// A new page is named as `portal new` would name it, and every save says which window it comes from.
async function beforeSaving({ entry }) {
  const data = entry.get("data").set("_tab", TAB);
  if (!entry.get("newRecord")) return data;
  const { name } = await ask("fileName", {
    folder: entry.get("collection"),
    title: data.get("title"),
    date: data.get("date"),
  });
  return data.set("_name", name);
}

// The text of a page as it is: Markdown in a plain field, so that nothing in it moves.
function textField() {
  return createClass({
    getInitialState() {
      return { words: "" };
    },
    // Decap draws a field anew only when its value changes; here a picture may have been chosen for it.
    shouldComponentUpdate() {
      return true;
    },
    componentDidUpdate() {
      const path = this.props.mediaPaths.get(this.props.forID);
      if (!path) return;
      this.props.onRemoveInsertedMedia(this.props.forID);
      this.insert(`![${this.state.words.trim()}](${[path].flat()[0]})`);
      this.setState({ words: "" });
    },
    insert(picture) {
      const text = this.props.value || "";
      const place = this.place ?? text.length;
      const before = text.slice(0, place).replace(/\n*$/, "");
      const after = text.slice(place).replace(/^\n*/, "");
      const parts = [before, picture, after].filter((part) => part !== "");
      this.props.onChange(parts.join("\n\n"));
    },
    openPictures() {
      this.props.onOpenMediaLibrary({ controlID: this.props.forID, forImage: true, allowMultiple: false });
    },
    render() {
      const { forID, value, classNameWrapper, onChange, setActiveStyle, setInactiveStyle } = this.props;
      const remember = (event) => {
        this.place = event.target.selectionEnd;
      };
      return h(
        "div",
        {},
        h("textarea", {
          id: forID,
          className: `${classNameWrapper} pt-text`,
          value: value || "",
          spellCheck: true,
          onChange: (event) => {
            remember(event);
            onChange(event.target.value);
          },
          onSelect: remember,
          onFocus: setActiveStyle,
          onBlur: setInactiveStyle,
        }),
        h(
          "div",
          { className: "pt-picture" },
          h("label", { htmlFor: `${forID}-words` }, "Mettere una foto: prima scrivi che cosa si vede, per chi non la vede"),
          h("input", {
            id: `${forID}-words`,
            type: "text",
            value: this.state.words,
            placeholder: "Tre persone di spalle zappano un orto a Pregnana",
            onChange: (event) => this.setState({ words: event.target.value }),
          }),
          h(
            "button",
            { type: "button", disabled: this.state.words.trim() === "", onClick: this.openPictures },
            "Scegli la foto",
          ),
        ),
      );
    },
  });
}

// Decap speaks of publishing; here a save writes a file on this machine, and nothing more.
function plainWords() {
  const words = structuredClone(CMS.getLocale("it"));
  Object.assign(words.editor.editorToolbar, {
    publish: "Salva",
    publishNow: "Salva",
    published: "Salvato",
    publishing: "Salvo…",
    publishAndCreateNew: "Salva e creane un'altra",
    publishAndDuplicate: "Salva e fanne una copia",
    deleteEntry: "Cancella la pagina",
    deployButtonLabel: "Guarda la pagina",
  });
  Object.assign(words.editor.editor, { onDeletePublishedEntry: "Vuoi davvero cancellare questa pagina?" });
  Object.assign(words.editor.editorControlPane.widget, { regexPattern: "%{fieldLabel}: %{pattern}." });
  Object.assign(words.editor.editorWidgets.datetime, {
    now: "Oggi",
    setToNow: "Scrivi il giorno di oggi",
    clear: "Togli",
  });
  Object.assign(words.mediaLibrary.mediaLibraryCard, { draft: "Da salvare" });
  Object.assign(words.mediaLibrary.mediaLibraryModal, {
    images: "Foto",
    mediaAssets: "Foto",
    noImagesFound: "Qui non c'è ancora nessuna foto.",
    noAssetsFound: "Qui non c'è ancora nessuna foto.",
    upload: "Carica una foto",
    download: "Scarica",
    deleteSelected: "Cancella la foto",
    chooseSelected: "Usa questa foto",
  });
  Object.assign(words.ui.toast, {
    onFailToPersist: "Non salvato. %{details}",
    onFailToDelete: "Non cancellato. %{details}",
  });
  return words;
}

// Decap compares a form with the file as it was opened, also after a save: what was changed and saved could not be
// changed back. A field that nobody sees counts the saves, so that after one the form is never the file as opened.
function savesField() {
  return createClass({
    count() {
      this.props.onChange((this.props.value || 0) + 1);
    },
    componentDidMount() {
      document.addEventListener("pt-saved", this.count);
    },
    componentWillUnmount() {
      document.removeEventListener("pt-saved", this.count);
    },
    render() {
      return h("span", { className: "pt-saves" });
    },
  });
}

async function start() {
  // Nobody has to enter: whoever can see this page sits at this machine.
  localStorage.setItem("decap-cms-user", JSON.stringify({ backendName: "proxy" }));
  const config = await (await fetch("/admin/config.json")).json();
  CMS.registerLocale("it", plainWords());
  CMS.registerWidget("portal-text", textField());
  CMS.registerWidget("portal-saves", savesField());
  CMS.registerEventListener({ name: "preSave", handler: beforeSaving });
  CMS.registerEventListener({ name: "postSave", handler: () => void document.dispatchEvent(new Event("pt-saved")) });
  CMS.init({ config });
}

document.addEventListener("DOMContentLoaded", start);
