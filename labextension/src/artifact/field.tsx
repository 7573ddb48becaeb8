import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Json } from '../api/types';
import { type IField, textFromValue } from '../models/schema';
import type { VisualizeModel } from '../models/visualize';

/** One argument, as the control that suits its kind. */
export function Field(props: {
  model: VisualizeModel;
  field: IField;
}): React.JSX.Element {
  const { model, field } = props;
  const error = model.fieldError(field.name);
  return (
    <label className="jp-viz-Field" title={field.description}>
      <span className="jp-viz-Field-label">
        {field.title}
        {field.required && <span aria-hidden="true"> *</span>}
      </span>
      <Control model={model} field={field} invalid={error !== null} />
      {error && <span className="jp-viz-Field-error">{error}</span>}
    </label>
  );
}

function Control(props: {
  model: VisualizeModel;
  field: IField;
  invalid: boolean;
}): React.JSX.Element {
  const { model, field, invalid } = props;
  const { name } = field;
  const { columns } = model.artifact;
  const value = model.value(name);
  const set = (chosen: Json | undefined) => model.setValue(name, chosen);
  const common = {
    'aria-label': field.title,
    'aria-invalid': invalid,
    'aria-required': field.required,
    name
  };
  if (field.kind === 'column' && columns.length > 0) {
    return (
      <HTMLSelect
        {...common}
        value={textFromValue(value)}
        onChange={event => set(event.target.value || undefined)}
      >
        <option value="">
          {columns.some(column => column.name === field.default)
            ? `${textFromValue(field.default)} (default)`
            : field.required || typeof field.default === 'string'
              ? 'Choose…'
              : 'not set'}
        </option>
        {columns.map(column => (
          <option key={column.name} value={column.name}>
            {column.name}
          </option>
        ))}
      </HTMLSelect>
    );
  }
  if (field.kind === 'columns' && columns.length > 0) {
    return (
      <select
        {...common}
        className="jp-viz-Columns"
        multiple
        size={Math.min(4, columns.length)}
        value={Array.isArray(value) ? value.map(textFromValue) : []}
        onChange={event => {
          const chosen = [...event.target.selectedOptions].map(o => o.value);
          set(chosen.length > 0 ? chosen : undefined);
        }}
      >
        {columns.map(column => (
          <option key={column.name} value={column.name}>
            {column.name}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const choices: Json[] =
      field.kind === 'boolean' ? [true, false] : field.choices;
    const index = choices.findIndex(choice => choice === value);
    return (
      <HTMLSelect
        {...common}
        value={String(index)}
        onChange={event => set(choices[Number(event.target.value)])}
      >
        <option value="-1">
          {field.required ? 'Choose…' : defaultText(field)}
        </option>
        {choices.map((choice, i) => (
          <option key={i} value={String(i)}>
            {textFromValue(choice)}
          </option>
        ))}
      </HTMLSelect>
    );
  }
  return <TextControl model={model} field={field} common={common} />;
}

/** Keeps what is typed to the letter: `1.` on the way to `1.5` is not yet a number. */
function TextControl(props: {
  model: VisualizeModel;
  field: IField;
  common: Record<string, string | boolean>;
}): React.JSX.Element {
  const { model, field } = props;
  const [typed, setTyped] = React.useState(model.text(field.name));
  return (
    <input
      {...props.common}
      className="jp-mod-styled"
      inputMode={
        field.kind === 'integer'
          ? 'numeric'
          : field.kind === 'number'
            ? 'decimal'
            : 'text'
      }
      placeholder={field.required ? '' : defaultText(field)}
      value={typed}
      onChange={event => {
        setTyped(event.target.value);
        model.setText(field.name, event.target.value);
      }}
    />
  );
}

function defaultText(field: IField): string {
  const text = textFromValue(field.default);
  return text === '' ? 'not set' : `default: ${text}`;
}
