package dev.perennial.functions.delivery;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import liqp.Template;
import liqp.TemplateContext;
import liqp.TemplateParser;
import liqp.TemplateParser.ErrorMode;
import liqp.exceptions.LiquidException;
import liqp.filters.Filter;
import liqp.filters.Filters;
import liqp.org.antlr.v4.runtime.ParserRuleContext;
import liqp.org.antlr.v4.runtime.tree.ParseTree;
import liqp.parser.Flavor;
import liqp.parser.v4.NodeVisitor;
import liquid.parser.v4.LiquidParser.Capture_tag_IdContext;
import liquid.parser.v4.LiquidParser.Capture_tag_StrContext;
import liquid.parser.v4.LiquidParser.Cycle_tagContext;
import liquid.parser.v4.LiquidParser.FilterContext;
import liquid.parser.v4.LiquidParser.Include_relative_tagContext;
import liquid.parser.v4.LiquidParser.Include_tagContext;
import liquid.parser.v4.LiquidParser.OutputContext;
import org.jspecify.annotations.Nullable;

/** The Liquid language within bounds: no files, and so much time, size and repetition. */
final class Liquid {

  private static final int MOST_REPETITIONS = 10_000;

  /** Longest text that a template or one of its filters may make, in characters. */
  private static final int LONGEST_TEXT = 256 * 1024;

  private static final int MOST_KNOWN = 100;

  /** Filters after which a value is safe in HTML. */
  private static final Set<String> ESCAPING = Set.of("escape", "h");

  private final Duration longest;
  private final TemplateParser parser = parser();
  private final ExecutorService worker =
      Executors.newCachedThreadPool(
          task -> Thread.ofPlatform().daemon().name("liquid").unstarted(task));
  private final Map<Source, Template> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Template> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  /**
   * @param longest time that one call may take
   */
  Liquid(Duration longest) {
    this.longest = longest;
  }

  /** What a template makes. */
  enum Syntax {
    PLAIN,
    HTML
  }

  private record Source(String text, Syntax syntax) {}

  /** A template that cannot be parsed or rendered. */
  static final class Broken extends Exception {
    Broken(String detail) {
      super(detail);
    }

    String detail() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Throws when the template could never be rendered.
   *
   * @throws IllegalStateException when that took too long to say
   */
  void check(String source, Syntax syntax) throws Broken {
    within(
        () -> {
          Template template = parse(source, syntax);
          return new NodeVisitor(parser.insertions, parser.filters, parser.liquidStyleInclude)
              .visit(template.getParseTree());
        });
  }

  /**
   * @throws IllegalStateException when it took too long, which says nothing about the template: the
   *     machine may have been slow
   */
  String render(String source, Syntax syntax, Map<String, Object> variables) throws Broken {
    return within(() -> template(new Source(source, syntax)).renderUnguarded(variables));
  }

  private <T> T within(Callable<T> work) throws Broken {
    Future<T> future = worker.submit(work);
    try {
      return future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IllegalStateException("rendering took longer than " + longest, e);
    } catch (ExecutionException e) {
      Error error = error(e);
      // Nesting without end overflows the stack each time; any other error is the machine's.
      if (error != null && !(error instanceof StackOverflowError)) {
        throw new IllegalStateException("rendering failed", e);
      }
      throw new Broken(detail(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rendering", e);
    }
  }

  /** Parses beside the lock, so that a template that is stuck in the parser holds up no other. */
  private Template template(Source source) {
    synchronized (known) {
      Template template = known.get(source);
      if (template != null) {
        return template;
      }
    }
    Template parsed = parse(source.text(), source.syntax());
    synchronized (known) {
      known.put(source, parsed);
    }
    return parsed;
  }

  private Template parse(String source, Syntax syntax) {
    Template template = parser.parse(source);
    List<Integer> outputs = new ArrayList<>();
    collect(template.getParseTree(), outputs);
    if (syntax == Syntax.PLAIN || outputs.isEmpty()) {
      return template;
    }
    StringBuilder escaped = new StringBuilder();
    int done = 0;
    for (int at : outputs) {
      // The parser counts code points.
      int end = source.offsetByCodePoints(0, at);
      escaped.append(source, done, end).append(" | ").append(EscapeHtml.NAME).append(' ');
      done = end;
    }
    return parser.parse(escaped.append(source, done, source.length()).toString());
  }

  /**
   * Where a value has to be escaped before it is put out. What goes into a variable is escaped when
   * that is put out.
   */
  private static void collect(ParseTree tree, List<Integer> outputs) {
    switch (tree) {
      case Include_tagContext tag -> throw refused("include", tag);
      case Include_relative_tagContext tag -> throw refused("include_relative", tag);
      // It puts out values, and no filter can be applied to them.
      case Cycle_tagContext tag -> throw refused("cycle", tag);
      case Capture_tag_IdContext _, Capture_tag_StrContext _ ->
          collectBelow(tree, new ArrayList<>());
      case OutputContext output -> {
        FilterContext last = output.filter().isEmpty() ? null : output.filter().getLast();
        String name = last == null ? "" : last.Id().getText();
        if (last != null && name.equals("newline_to_br")) {
          outputs.add(last.getStart().getStartIndex());
        } else if (!ESCAPING.contains(name)) {
          outputs.add(output.getStop().getStartIndex());
        }
      }
      default -> collectBelow(tree, outputs);
    }
  }

  private static void collectBelow(ParseTree tree, List<Integer> outputs) {
    for (int child = 0; child < tree.getChildCount(); child++) {
      collect(tree.getChild(child), outputs);
    }
  }

  private static IllegalArgumentException refused(String tag, ParserRuleContext where) {
    return new IllegalArgumentException(
        "the tag " + tag + " on line " + where.getStart().getLine() + " is not available");
  }

  private static TemplateParser parser() {
    TemplateParser.Builder builder =
        new TemplateParser.Builder()
            .withFlavor(Flavor.LIQUID)
            .withErrorMode(ErrorMode.STRICT)
            .withMaxIterations(MOST_REPETITIONS)
            .withMaxSizeRenderedString(LONGEST_TEXT)
            .withDefaultTimeZone(ZoneOffset.UTC)
            .withNameResolver(
                name -> {
                  throw new IllegalArgumentException("there is no template " + name);
                })
            .withFilter(new EscapeHtml(EscapeHtml.NAME));
    for (Filter filter : Filters.DEFAULT_FILTERS.values()) {
      boolean escaping = ESCAPING.contains(filter.getName());
      builder.withFilter(escaping ? new EscapeHtml(filter.getName()) : new Bounded(filter));
    }
    return builder.build();
  }

  private static @Nullable Error error(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Error error) {
        return error;
      }
    }
    return null;
  }

  private static String detail(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof LiquidException liquid) {
        return String.valueOf(liquid.getMessage());
      }
    }
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /**
   * Makes a value inert in HTML text and attributes; the library's own filter forgets the single
   * quote.
   */
  private static final class EscapeHtml extends Filter {
    static final String NAME = "perennial_escape";

    EscapeHtml(String name) {
      super(name);
    }

    @Override
    public Object apply(Object value, TemplateContext context, Object... params) {
      return asString(value, context)
          .replace("&", "&amp;")
          .replace("<", "&lt;")
          .replace(">", "&gt;")
          .replace("\"", "&quot;")
          .replace("'", "&#39;");
    }
  }

  /** A filter that cannot be used to grow a text without end. */
  private static final class Bounded extends Filter {
    private final Filter filter;

    Bounded(Filter filter) {
      super(filter.getName());
      this.filter = filter;
    }

    @Override
    public Object apply(Object value, TemplateContext context, Object... params) {
      Object result = filter.apply(value, context, params);
      if (result instanceof CharSequence text && text.length() > LONGEST_TEXT) {
        throw new IllegalArgumentException(
            "the filter " + name + " makes more than " + LONGEST_TEXT + " characters");
      }
      return result;
    }
  }
}
