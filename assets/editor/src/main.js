// Gives each field that asks for one an editor. A field for which that fails stays a field.

import { Field } from "./field.js";

for (const area of document.querySelectorAll("textarea[data-editor]")) new Field(area);
