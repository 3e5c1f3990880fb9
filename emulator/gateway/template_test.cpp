#include "emulator/gateway/template.hpp"

#include <doctest/doctest.h>

using namespace virga;
using namespace virga::gateway;

namespace {

TemplateInput example(std::string body = R"({"a":1,"b":[{"c":5},{"c":"x"}],"d":{"e":"f"}})") {
    return {std::move(body),
            Object{{"path", Object{{"id", "7"}}}, {"querystring", Object{{"q", "s"}}}, {"header", Object{{"H", "v"}}}},
            Object{{"stage", "dev"}, {"identity", Object{{"sourceIp", "1.2.3.4"}}}}, Object{{"v", "w"}}};
}

std::string render(std::string_view source) { return Template::parse(source).render(example()).text; }
std::string render(std::string_view source, std::string body) { return Template::parse(source).render(example(std::move(body))).text; }

}  // namespace

TEST_CASE("references") {
    CHECK(render("$input.params('id') $input.params('q') $input.params().header.H [$input.params('none')]") == "7 s v []");
    CHECK(render("$context.stage ${context.identity.sourceIp}: $stageVariables.v $!nothing$nothing.x") == "dev 1.2.3.4: w");
    CHECK(render("$input.path('$.b')[1].c $input.path('$').d.e $input.path('$').b.size()") == "x f 2");
    CHECK(render("cost: $5, $. and #fff \\$a \\#if") == "cost: $5, $. and #fff $a #if");
}

TEST_CASE("$input") {
    CHECK(render("$input.json('$')") == R"({"a":1,"b":[{"c":5},{"c":"x"}],"d":{"e":"f"}})");
    CHECK(render("$input.json('$.d.e') $input.json('$.none')") == R"("f" "")");
    CHECK(render("$input.path('$')") == R"({a=1, b=[{"c":5},{"c":"x"}], d={e=f}})");  // maps as Java's, lists as JSON
    CHECK(render("$input.body", "") == "{}");
    CHECK(render("$input.body", "not json") == "not json");
    CHECK_THROWS_AS(render("$input.json('$')", "not json"), InvalidBody);
}

TEST_CASE("only null and false are false") {
    CHECK(render("#if(\"\")a#end#if(0)b#end#if([])c#end#if($none)d#end#if(false)e#end") == "abc");
    CHECK(render("#if($none)a#elseif(1 == 2)b#{else}c#end") == "c");
    CHECK(render("#if(!$none && (1 < 2 or false) and not (2 le 1))yes#end") == "yes");
}

TEST_CASE("set, lists and maps") {
    CHECK(render("#set($x = 1 + 2 * 3)$x #set($y = 7 / 2)$y #set($z = 7 % 4)$z #set($r = 1.5 + 1)$r") == "7 3 3 2.5");
    CHECK(render("#set($l = [1, 'b', \"$context.stage\"])$l#set($ok = $l.add(4)) $l.size() $l[3] $l[-1]") == "[1,\"b\",\"dev\"] 4 4 4");
    CHECK(render("#set($m = {'a': 1, \"b\": [2]})#set($m.c = 'd')#set($m['e'] = null)$m $m.keySet() $m.get('b')[0]") ==
          "{a=1, b=[2], c=d, e=null} [\"a\",\"b\",\"c\",\"e\"] 2");
    CHECK(render("# set($a = 'x')$a") == "x");
    CHECK(render("#set($s = 'a' + 1)$s.toUpperCase().concat('z').substring(1) $s.length() $s.replaceAll('[0-9]', '#')") == "1z 2 a#");
}

TEST_CASE("foreach") {
    CHECK(render("#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end") == "1,2,3");
    CHECK(render("#foreach($e in $input.path('$.b'))$foreach.count:$e.c #end") == "1:5 2:x");
    CHECK(render("#foreach($v in {'a': 1, 'b': 2})$v$velocityCount #end") == "11 22");
    CHECK(render("#foreach($a in [1,2])#foreach($b in [1,2])$foreach.parent.index$b #end#end$!a") == "01 02 11 12");
    CHECK(render("#foreach($i in [1..9])#if($i > 2)#break#end$i#end") == "12");
    CHECK(render("#foreach($e in $input.path('$.d').entrySet())$e.key=$e.value#end") == "e=f");
    CHECK(render("#set($n = 0)#foreach($i in [1..2000])#set($n = $n + 1)#end$n") == "1000");
}

TEST_CASE("macros, definitions, comments, raw text") {
    CHECK(render("#macro(say $what $more)<$what$!more>#end#say('a')#say(\"b\" 1)") == "<a><b1>");
    CHECK(render("#define($d)[$x]#end#set($x = 1)$d#set($x = 2)$d") == "[1][2]");
    CHECK(render("a## comment\nb#* many\nlines *#c#[[ $raw #if ]]#") == "abc $raw #if");
    CHECK(render("a #stop b") == "a");
}

TEST_CASE("a directive swallows the rest of its line when that is blank") {
    CHECK(render("{\n#set($x = 1)  \n#if($x == 1)\n  \"x\": $x\n#end\n}") == "{\n  \"x\": 1\n}");
}

TEST_CASE("$util") {
    CHECK(render("$util.escapeJavaScript('a\"b/\xC3\xA9')") == "a\\\"b\\/\\u00E9");
    CHECK(render("$util.urlEncode('a b&c') $util.urlDecode('a+b%26') $util.base64Encode('hi') $util.base64Decode('aGk=')") ==
          "a+b%26c a b& aGk= hi");
    CHECK(render("$util.parseJson('{\"a\":[1]}').a[0]") == "1");
}

TEST_CASE("overrides go out, but each only once") {
    auto out = Template::parse("#set($context.requestOverride.header.X = 'y')#set($context.responseOverride.status = 404)ok").render(example());
    CHECK(out.text == "ok");
    CHECK(Value(out.overrides)["requestOverride"]["header"].text("X") == "y");
    CHECK(Value(out.overrides)["responseOverride"].integer("status") == 404);
    CHECK_THROWS_AS(render("#set($context.responseOverride.status = 1)#set($context.responseOverride.status = 2)"), TemplateError);
}

TEST_CASE("malformed templates are refused") {
    for (const char* bad : {"#if(", "#if(true)", "#end", "#set($x)", "#set($x = )", "#foreach($x of [1])#end", "#parse('x')", "$x.y(",
                            "#set($x = 'a)", "#[[ x", "#set($x = {1)"})
        CHECK_THROWS_AS_MESSAGE(Template::parse(bad), TemplateError, bad);
}

TEST_CASE("no template takes the process with it") {
    std::string chain = "#set($x = 1";
    for (int i = 0; i < 100000; ++i) chain += "+1";
    CHECK_THROWS_AS(render(chain + ")$x"), TemplateError);
    CHECK_THROWS_AS(render("#set($m = {})#set($m.self = $m)$m"), TemplateError);
    CHECK(render("#set($m = {})#set($l = [$m])#set($o = $m.put('l', $l))$l.size()") == "1");
    CHECK_THROWS_AS(render("#set($l = [1])#foreach($i in [1..40])#set($l = [$l, $l])#end$l"), TemplateError);
    CHECK_THROWS_AS(render("#set($s = 'ab')#foreach($i in [1..100])#set($s = $s + $s)#end"), TemplateError);
    CHECK_THROWS_AS(render("#set($s = 'aa')#foreach($i in [1..9])#set($s = $s.replace('a', $s))#end"), TemplateError);
    CHECK_THROWS_AS(render("#set($l = [1])#foreach($i in [1..100])#set($o = $l.addAll($l))#end"), TemplateError);
    CHECK_THROWS_AS(render("#macro(m)#m()#end#m()"), TemplateError);
    CHECK_THROWS_AS(render("#set($x = " + std::string(100000, '(')), TemplateError);
    CHECK_THROWS_AS(render("#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end"), TemplateError);
}

TEST_CASE("the Serverless Framework's default template, with and without a body") {
    const char* source = R"x(
#define( $loop )
{
  #foreach($key in $map.keySet())
      "$util.escapeJavaScript($key)":
        "$util.escapeJavaScript($map.get($key))"
        #if( $foreach.hasNext ) , #end
  #end
}
#end
{ "body": $input.json("$"), "method": "$context.httpMethod",
  #set( $map = $input.params().header )
  "headers": $loop }
)x";
    std::string out = render(source, "");
    CHECK(out.find("\"body\": {}") != std::string::npos);
    CHECK(out.find("\"H\":") != std::string::npos);
}
