// What users of Go run on top of the client: guregu/dynamo, and the SDK's own expression and attributevalue. dynamodb_mappers ENDPOINT ACCOUNT.
// Stops at the first answer that is not the service's.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"
)

var ctx = context.Background()

func same(seen, expected any) {
	if !reflect.DeepEqual(seen, expected) {
		log.Panicf("%#v is not %#v", seen, expected)
	}
}

func try(err error) {
	if err != nil {
		log.Panic(err)
	}
}

func must[T any](answer T, err error) T {
	try(err)
	return answer
}

// failure is the error of a call as the type that it has to be.
func failure[T error](err error) T {
	var typed T
	if !errors.As(err, &typed) {
		log.Panicf("%T was expected: %v", typed, err)
	}
	return typed
}

type visit struct {
	Page    string    `dynamo:"page,hash" index:"by-day,range" localIndex:"by-length,hash"`
	ID      int       `dynamo:"id,range"`
	Day     string    `dynamo:"day,omitempty" index:"by-day,hash"`
	Length  int       `dynamo:"length" localIndex:"by-length,range"`
	Tags    []string  `dynamo:"tags,set,omitempty"`
	Sizes   []int     `dynamo:"sizes,set,omitempty"`
	Bodies  [][]byte  `dynamo:"bodies,set,omitempty"`
	Raw     []byte    `dynamo:"raw,omitempty"`
	Empty   string    `dynamo:"empty,allowempty"`
	None    *string   `dynamo:"none,null"`
	At      time.Time `dynamo:"at,unixtime,omitempty"`
	Nested  nested    `dynamo:"nested"`
	Version int       `dynamo:"version"`
}

type nested struct {
	Words  map[string]string `dynamo:"words"`
	Things []any             `dynamo:"things"`
}

func first() visit {
	return visit{Page: "a", ID: 1, Day: "mon", Length: 5, Tags: []string{"x", "y"}, Sizes: []int{1, 2}, Bodies: [][]byte{{0}}, Raw: []byte{255, 0},
		At: time.Unix(6942844800, 0).UTC(), Nested: nested{Words: map[string]string{"a.b": "b", "c": "d"}, Things: []any{"e", 1.5, nil, true}}}
}

func ids(visits []visit) (all []int) {
	for _, v := range visits {
		all = append(all, v.ID)
	}
	return all
}

func span(from, to, step int) (all []int) {
	for i := from; i != to; i += step {
		all = append(all, i)
	}
	return all
}

func tables(db *dynamo.DB) dynamo.Table {
	table := db.Table("visits")
	try(db.CreateTable("visits", visit{}).OnDemand(true).Stream(dynamo.NewAndOldImagesView).Project("by-day", dynamo.IncludeProjection, "length").Tag("team", "a").Wait(ctx))
	description := must(table.Describe().Run(ctx))
	same(description.Status, dynamo.ActiveStatus)
	same([]any{description.HashKey, description.HashKeyType, description.RangeKey, description.RangeKeyType, description.OnDemand}, []any{"page", dynamo.StringType, "id", dynamo.NumberType, true})
	same([]any{description.GSI[0].Name, description.GSI[0].Status, description.GSI[0].ProjectionAttribs, description.LSI[0].RangeKey}, []any{"by-day", dynamo.ActiveStatus, []string{"length"}, "length"})
	try(table.UpdateTTL("at", true).Run(ctx))
	ttl := must(table.DescribeTTL().Run(ctx))
	same([]any{ttl.Attribute, ttl.Enabled()}, []any{"at", true})
	return table
}

func items(table dynamo.Table) {
	v := first()
	try(table.Put(v).If("attribute_not_exists('page')").Run(ctx))
	var got visit
	try(table.Get("page", "a").Range("id", dynamo.Equal, 1).Consistent(true).One(ctx, &got))
	same(got, v)
	same(dynamo.IsCondCheckFailed(table.Put(v).If("attribute_not_exists($) AND $ <> ?", "page", "length", 9).Run(ctx)), true)
	update := table.Update("page", "a").Range("id", 1).Set("nested.words.c", "z").SetIfNotExists("version", 9).Add("length", -2).Append("nested.things", []int{7}).
		AddStringsToSet("tags", "w").DeleteIntsFromSet("sizes", 1, 2).Remove("raw").SetExpr("'empty' = if_not_exists($, ?)", "nowhere", "now").
		If("'version' = ? AND contains('tags', ?) AND size(nested.things) = ? AND attribute_type('none', ?)", 0, "x", 4, "NULL")
	try(update.Value(ctx, &got))
	same([]any{got.Nested.Words, got.Version, got.Length, got.Nested.Things, got.Tags, got.Sizes, got.Raw, got.Empty},
		[]any{map[string]string{"a.b": "b", "c": "z"}, 0, 3, []any{"e", 1.5, nil, true, 7.0}, []string{"w", "x", "y"}, []int(nil), []byte(nil), "now"})
	same(dynamo.IsCondCheckFailed(table.Update("page", "a").Range("id", 1).Set("version", 1).If("'version' = ?", 5).Run(ctx)), true)
	same(table.Get("page", "b").Range("id", dynamo.Equal, 1).One(ctx, &got), dynamo.ErrNotFound)
	var deleted visit
	try(table.Delete("page", "a").Range("id", 1).If("'length' BETWEEN ? AND ?", 3, 3).OldValue(ctx, &deleted))
	same(deleted.Length, 3)
}

func pages(table dynamo.Table) {
	var puts []any
	for i := range 60 {
		v := visit{Page: "p", ID: i, Length: -i}
		if i%2 == 0 {
			v.Day = fmt.Sprint("day ", i%4)
		}
		puts = append(puts, v)
	}
	same(must(table.Batch("page", "id").Write().Put(puts...).Run(ctx)), 60)
	var got []visit
	try(table.Get("page", "p").Range("id", dynamo.Between, 10, 40).Order(dynamo.Descending).SearchLimit(50).All(ctx, &got))
	same(ids(got), span(40, 9, -1))
	got = nil
	for key, pages := dynamo.PagingKey(nil), 0; pages == 0 || key != nil; pages++ {
		var page []visit
		query := table.Get("day", "day 2").Index("by-day").Range("page", dynamo.BeginsWith, "p").Filter("'length' < ?", -5).SearchLimit(4).StartFrom(key)
		key = must(query.AllWithLastEvaluatedKey(ctx, &page))
		same(len(page) <= 4 && pages < 5, true)
		got = append(got, page...)
	}
	same(ids(got), span(6, 62, 4))
	var lengths []visit
	try(table.Get("page", "p").Index("by-length").Range("length", dynamo.LessOrEqual, -57).Project("id", "length").All(ctx, &lengths))
	same(ids(lengths), []int{59, 58, 57})
	same(must(table.Get("page", "p").Filter("attribute_exists($)", "day").Count(ctx)), 30)
	found := 0
	scan := table.Scan().IterParallel(ctx, 4)
	for v := (visit{}); scan.Next(ctx, &v); {
		found++
	}
	try(scan.Err())
	same(found, 60)
	var keys []dynamo.Keyed
	for i := range 130 {
		keys = append(keys, dynamo.Keys{"p", i})
	}
	got = nil
	try(table.Batch("page", "id").Get(keys...).Consistent(true).All(ctx, &got))
	same(len(got), 60)
}

func transactions(db *dynamo.DB, table dynamo.Table) {
	again := db.WriteTx().Idempotent(true).Put(table.Put(visit{Page: "t", ID: 1}).If("attribute_not_exists('page')")).Delete(table.Delete("page", "p").Range("id", 1)).
		Update(table.Update("page", "p").Range("id", 2).Add("length", 10)).Check(table.Check("page", "p").Range("id", 3).If("'length' = ?", -3))
	try(again.Run(ctx))
	try(again.Run(ctx)) // of one token: done once
	err := db.WriteTx().Put(table.Put(visit{Page: "t", ID: 2})).Check(table.Check("page", "p").Range("id", 1).IfExists()).Run(ctx)
	reasons := failure[*types.TransactionCanceledException](err).CancellationReasons
	same([]string{*reasons[0].Code, *reasons[1].Code}, []string{"None", "ConditionalCheckFailed"})
	var two, none visit
	err = db.GetTx().GetOne(table.Get("page", "p").Range("id", dynamo.Equal, 2), &two).GetOne(table.Get("page", "t").Range("id", dynamo.Equal, 2), &none).Run(ctx)
	try(err)
	same([]int{two.Length, none.ID}, []int{8, 0})
}

type record struct {
	Page   string                  `dynamodbav:"page"`
	ID     attributevalue.Number   `dynamodbav:"id"`
	Large  attributevalue.Number   `dynamodbav:"large"`
	Tags   []string                `dynamodbav:"tags,stringset,omitempty"`
	At     attributevalue.UnixTime `dynamodbav:"at"`
	Deep   map[string][]*int       `dynamodbav:"deep"`
	Length int                     `dynamodbav:"length"`
}

func expressions(client *dynamodb.Client) {
	table := aws.String("visits")
	one := 1
	r := record{Page: "x", ID: "1E-130", Large: "-12345678901234567890123456789012345678", Tags: []string{"q"}, At: attributevalue.UnixTime(time.Unix(6942844800, 0)), Deep: map[string][]*int{"a-b": {&one, nil}}}
	must(client.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: must(attributevalue.MarshalMap(r))}))
	name, value := expression.Name, expression.Value
	condition := name("tags").Contains("q").And(name("deep.a-b[0]").In(value(3), value(1)), expression.Not(name("raw").AttributeExists()), name("at").GreaterThan(name("length"))).
		Or(name("page").Size().LessThan(value(1)), name("deep").AttributeType(expression.List))
	change := expression.Set(name("deep.a-b[1]"), name("length").Plus(value(2))).Set(name("list"), expression.ListAppend(expression.IfNotExists(name("list"), value([]int{})), value([]string{"l"}))).
		Add(name("length"), value(4)).Delete(name("tags"), value(&types.AttributeValueMemberSS{Value: []string{"q"}})).Remove(name("raw"))
	e := must(expression.NewBuilder().WithCondition(condition).WithUpdate(change).Build())
	key := must(attributevalue.MarshalMap(map[string]any{"page": r.Page, "id": r.ID}))
	updated := must(client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: table, Key: key, ConditionExpression: e.Condition(), UpdateExpression: e.Update(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(), ReturnValues: types.ReturnValueAllNew}))
	var got record
	try(attributevalue.UnmarshalMap(updated.Attributes, &got))
	two := 2
	smallest := must(got.ID.Float64())
	got.ID = r.ID
	same(smallest, 1e-130)
	same(got, record{Page: "x", ID: r.ID, Large: r.Large, At: r.At, Deep: map[string][]*int{"a-b": {&one, &two}}, Length: 4})
	e = must(expression.NewBuilder().WithKeyCondition(expression.Key("page").Equal(value("p")).And(expression.Key("id").GreaterThanEqual(value(50)))).
		WithFilter(name("length").Between(value(-58), value(-52))).WithProjection(expression.NamesList(name("id"), name("nested.things[0]"))).Build())
	pages := dynamodb.NewQueryPaginator(client, &dynamodb.QueryInput{TableName: table, KeyConditionExpression: e.KeyCondition(), FilterExpression: e.Filter(),
		ProjectionExpression: e.Projection(), ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(), Limit: aws.Int32(3)})
	var counts []int32
	for pages.HasMorePages() {
		counts = append(counts, must(pages.NextPage(ctx)).Count)
	}
	same(counts, []int32{1, 3, 3, 0})
	try(dynamodb.NewTableExistsWaiter(client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: table}, time.Minute))
	must(client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: table}))
	try(dynamodb.NewTableNotExistsWaiter(client).Wait(ctx, &dynamodb.DescribeTableInput{TableName: table}, time.Minute))
	_, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: key})
	failure[*types.ResourceNotFoundException](err)
}

func main() {
	client := dynamodb.New(dynamodb.Options{BaseEndpoint: &os.Args[1], Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(os.Args[2], "test", "")})
	db := dynamo.NewFromIface(client)
	table := tables(db)
	items(table)
	pages(table)
	transactions(db, table)
	expressions(client)
}
