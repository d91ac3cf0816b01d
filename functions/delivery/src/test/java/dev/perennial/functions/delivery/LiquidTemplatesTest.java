package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.perennial.domain.delivery.Rendition;
import dev.perennial.domain.delivery.Rendition.Email;
import dev.perennial.domain.delivery.Rendition.Push;
import dev.perennial.domain.delivery.Rendition.Sms;
import dev.perennial.domain.delivery.Templates.Flaw;
import dev.perennial.domain.delivery.Templates.Rendering;
import dev.perennial.domain.value.Value.Fields;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Num;
import dev.perennial.domain.value.Value.Text;
import dev.perennial.functions.delivery.Liquid.Syntax;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiquidTemplatesTest {

  private static final Fields ANN =
      new Fields(
          Map.of(
              "profile",
              new Fields(
                  Map.of(
                      "id",
                      new Text("p1"),
                      "traits",
                      new Fields(
                          Map.of(
                              "name", new Text("Ann <b>&\"'"),
                              "spent", new Num(new BigDecimal("100")),
                              "rate", new Num(new BigDecimal("0.5")),
                              "tags", new Items(List.of(new Text("a<"), new Text("b")))))))));

  private final LiquidTemplates templates = new LiquidTemplates();

  private Rendition render(Rendition template) {
    return ((Rendering.Rendered) templates.render(template, ANN)).rendition();
  }

  private String html(String source) {
    return ((Email) render(new Email("s", source, null))).html();
  }

  private String text(String source) {
    return ((Sms) render(new Sms(source))).body();
  }

  @Test
  void fillsInEveryPart() {
    assertThat(
            render(
                new Email(
                    "Hi {{ profile.traits.spent }}", "<p>{{ profile.id }}</p>", "{{profile.id}}")))
        .isEqualTo(new Email("Hi 100", "<p>p1</p>", "p1"));
    assertThat(
            render(
                new Push(
                    "Hi {{ profile.id }}",
                    "You",
                    "https://x/{{ profile.id }}",
                    "{{ profile.id }}",
                    Fields.EMPTY)))
        .isEqualTo(new Push("Hi p1", "You", "https://x/p1", "p1", Fields.EMPTY));
  }

  @Test
  void escapesValuesInHtmlOnly() {
    assertThat(html("<i>{{ profile.traits.name }}</i>"))
        .isEqualTo("<i>Ann &lt;b&gt;&amp;&quot;&#39;</i>");
    assertThat(text("<i>{{ profile.traits.name }}</i>")).isEqualTo("<i>Ann <b>&\"'</i>");
  }

  @Test
  void escapesOnceWhateverTheAuthorDoes() {
    assertThat(html("{{ profile.traits.name | escape }}"))
        .isEqualTo("Ann &lt;b&gt;&amp;&quot;&#39;");
    assertThat(html("{% capture n %}{{ profile.traits.name }}{% endcapture %}{{ n }}"))
        .isEqualTo("Ann &lt;b&gt;&amp;&quot;&#39;");
    assertThat(html("{% assign n = profile.traits.name %}{{ n | upcase }}"))
        .isEqualTo("ANN &lt;B&gt;&amp;&quot;&#39;");
    assertThat(html("{{ '%3Cb%3E' | url_decode }}")).isEqualTo("&lt;b&gt;");
    assertThat(html("{{ profile.traits.tags | join: '<' }}")).isEqualTo("a&lt;&lt;b");
    assertThat(html("{% for t in profile.traits.tags %}{{ t }}{% endfor %}")).isEqualTo("a&lt;b");
    assertThat(html("{{ \"a<\n\" | newline_to_br }}")).contains("a&lt;<br");
    assertThat(html("{% raw %}{{ x }}{% endraw %}")).isEqualTo("{{ x }}");
    assertThat(html("{% if profile.traits.name contains '<' %}y{% endif %}")).isEqualTo("y");
  }

  @Test
  void countsCharactersBeyondTheBasicPlane() {
    assertThat(html("😀{{ profile.traits.name }}😀{{ profile.id }}😀"))
        .isEqualTo("😀Ann &lt;b&gt;&amp;&quot;&#39;😀p1😀");
  }

  @Test
  void writesNumbersWithoutExponent() {
    assertThat(text("{{ profile.traits.spent }} {{ profile.traits.rate }}")).isEqualTo("100 0.5");
    assertThat(text("{{ profile.traits.spent | times: profile.traits.rate }}")).startsWith("50");
  }

  @Test
  void missingValuesAreEmpty() {
    assertThat(html("[{{ event.properties.total }}]")).isEqualTo("[]");
    assertThat(text("{{ profile.traits.none | default: 'friend' }}")).isEqualTo("friend");
  }

  @Test
  void aSubjectIsOneLine() {
    assertThat(render(new Email("a\n  b\r\nBcc: x", null, "t")))
        .isEqualTo(new Email("a b Bcc: x", null, "t"));
  }

  @Test
  void namesThePartThatIsWrong() {
    List<Flaw> flaws = templates.check(new Email("{{ a", "{% if %}", "fine"));

    assertThat(flaws).extracting(Flaw::part).containsExactly("subject", "html");
    assertThat(flaws.getFirst().detail()).contains("line 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% include 'etc/passwd' %}",
        "{% if false %}{% include '/etc/passwd' %}{% endif %}",
        "{% cycle profile.traits.name, 'x' %}",
        "{{ 'a' | no_such_filter }}",
        "{% no_such_tag %}",
        "{% for i in (1..2) %}",
        "{{ }",
      })
  void refusesWhatCouldNeverBeRendered(String source) {
    assertThat(templates.check(new Sms(source))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in (1..1000000) %}{% endfor %}",
        "{% for i in (1..200) %}{% for j in (1..200) %}x{% endfor %}{% endfor %}",
        "{% for i in (1..2000000000) %}x{% endfor %}",
        "{% assign a = 'xxxxxxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}"
            + "{% assign a = a | append: a %}{% endfor %}{{ a }}",
        "{% for i in (1..9000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}",
      })
  void stopsTemplatesThatWouldNotEnd(String source) {
    assertThat(templates.render(new Sms(source), ANN)).isInstanceOf(Rendering.Broken.class);
  }

  @Test
  void whatTakesTooLongSaysNothingOfTheTemplate() {
    Map<String, Object> endless =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, Object>> entrySet() {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return Set.of();
          }
        };

    assertThatIllegalStateException()
        .isThrownBy(() -> new Liquid(Duration.ofMillis(1)).render("{{ a }}", Syntax.PLAIN, endless))
        .withMessageContaining("took longer");
  }

  @Test
  void survivesDeepNesting() {
    String source = "{% if true %}".repeat(5_000) + "{% endif %}".repeat(5_000);

    assertThat(templates.render(new Sms(source), ANN)).isNotNull();
    assertThat(text("still {{ profile.id }}")).isEqualTo("still p1");
  }
}
