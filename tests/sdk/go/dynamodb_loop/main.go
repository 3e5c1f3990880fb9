// A loop of calls that create, read, change and remove items: dynamodb_loop ENDPOINT ACCOUNT. Prints what it saw.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type attributes = map[string]types.AttributeValue

var (
	ctx   = context.Background()
	table = aws.String("table")
)

func text(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(n string) types.AttributeValue { return &types.AttributeValueMemberN{Value: n} }

func must[T any](answer T, err error) T {
	if err != nil {
		log.Panic(err)
	}
	return answer
}

// failure is the error of a call as the type that it has to be.
func failure[T error, A any](_ A, err error) T {
	var typed T
	if !errors.As(err, &typed) {
		log.Panicf("%T was expected: %v", typed, err)
	}
	return typed
}

func count(db *dynamodb.Client, key attributes) (counts []int) {
	for range 3 {
		answer := must(db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: table, Key: key, UpdateExpression: aws.String("ADD n :one"),
			ExpressionAttributeValues: attributes{":one": number("1")}, ReturnValues: types.ReturnValueUpdatedNew,
		}))
		counts = append(counts, must(strconv.Atoi(answer.Attributes["n"].(*types.AttributeValueMemberN).Value)))
	}
	return counts
}

func fill(db *dynamodb.Client) {
	for batch := range 2 {
		var puts []types.WriteRequest
		for i := range 25 {
			item := attributes{"pk": text(fmt.Sprintf("item %d %d", batch, i)), "b": &types.AttributeValueMemberB{Value: []byte{byte(i)}}}
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		}
		must(db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*table: puts}}))
	}
}

func scan(db *dynamodb.Client) (items []attributes) {
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: table, Limit: aws.Int32(7)})
	for pages.HasMorePages() {
		items = append(items, must(pages.NextPage(ctx)).Items...)
	}
	return items
}

func main() {
	options := dynamodb.Options{
		BaseEndpoint: aws.String(os.Args[1]), Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider(os.Args[2], "test", ""),
	}
	db := dynamodb.New(options)
	key := attributes{"pk": text("a")}

	must(db.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: key}))
	counts := count(db, key)
	failed := failure[*types.ConditionalCheckFailedException](db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: table, Item: key, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}))
	fill(db)
	must(db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: key}))
	items := scan(db)
	for _, item := range items {
		must(db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: table, Key: attributes{"pk": item["pk"]}, ConditionExpression: aws.String("b = :b"),
			ExpressionAttributeValues: attributes{":b": item["b"]},
		}))
	}
	left := must(db.Scan(ctx, &dynamodb.ScanInput{TableName: table})).Count
	cancelled := failure[*types.TransactionCanceledException](db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: attributes{"pk": text("b")}}},
			{ConditionCheck: &types.ConditionCheck{TableName: table, Key: key, ConditionExpression: aws.String("attribute_exists(pk)")}},
		},
	}))
	var reasons []string
	for _, reason := range cancelled.CancellationReasons {
		reasons = append(reasons, *reason.Code)
	}
	seen := map[string]any{
		"counts": counts, "condition": failed.ErrorCode(), "old": failed.Item["pk"].(*types.AttributeValueMemberS).Value,
		"items": len(items), "left": left, "cancelled": reasons,
	}
	fmt.Println(string(must(json.Marshal(seen))))
}
