package io.github.orgate.signature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much JSON (RFC 8259) as a login and its answer need, so that no library is needed. */
final class Json {
  private static final int DEEPEST = 32;
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Writes an object of strings and integers without blanks. */
  static String write(Map<String, Object> object) {
    StringBuilder out = new StringBuilder("{");
    object.forEach((name, value) -> {
      out.append(out.length() > 1 ? "," : "").append(quote(name)).append(':');
      out.append(value instanceof String ? quote((String) value) : value.toString());
    });
    return out.append('}').toString();
  }

  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      int known = c == '/' ? -1 : MEANT.indexOf(c);
      if (known >= 0) {
        out.append('\\').append(ESCAPED.charAt(known));
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** Reads an object; anything else, and malformed text, gives an empty one. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> readObject(String text) {
    Json json = new Json(text);
    try {
      Object value = json.value(0);
      json.blanks();
      if (value instanceof Map && json.at == text.length()) {
        return (Map<String, Object>) value;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
      // Falls through: a proxy's error page is as good as no answer.
    }
    return new LinkedHashMap<>();
  }

  private Object value(int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("nested too deeply");
    }
    blanks();
    switch (text.charAt(at)) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      default:
        return word();
    }
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> out = new LinkedHashMap<>();
    at++;
    blanks();
    if (next('}')) {
      return out;
    }
    do {
      blanks();
      String name = string();
      blanks();
      expect(':');
      out.put(name, value(depth + 1));
      blanks();
    } while (next(','));
    expect('}');
    return out;
  }

  private List<Object> array(int depth) {
    List<Object> out = new ArrayList<>();
    at++;
    blanks();
    if (next(']')) {
      return out;
    }
    do {
      out.add(value(depth + 1));
      blanks();
    } while (next(','));
    expect(']');
    return out;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (!next('"')) {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw new IllegalArgumentException("control character in a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
    return out.toString();
  }

  private char escape() {
    char c = text.charAt(at++);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
    int known = ESCAPED.indexOf(c);
    if (known < 0) {
      throw new IllegalArgumentException("unknown escape");
    }
    return MEANT.charAt(known);
  }

  private Object word() {
    int from = at;
    while (at < text.length() && "{}[],:\" \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    switch (word) {
      case "null":
        return null;
      case "true":
        return Boolean.TRUE;
      case "false":
        return Boolean.FALSE;
      default:
        if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
          throw new IllegalArgumentException("not a JSON value");
        }
        return word.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
    }
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean next(char c) {
    if (text.charAt(at) != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) {
    if (!next(c)) {
      throw new IllegalArgumentException("expected " + c);
    }
  }
}
